/** Tests that docs/sdk.md contains all exports of the package, and all their methods. */
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { Inbox, Message, Sandbox } from '../../sdk/index.ts';
import { matchers } from '../../sdk/matchers.ts';
import { Rules } from '../../sdk/rules.ts';
import { pageText, root } from '../helpers/documentation.ts';

/** The words in code style on the page, in its blocks or in its text. */
const named = new Set(
  [...pageText('docs/sdk.md').matchAll(/`{3}[^`]*`{3}|`[^`\n]+`/g)].flatMap(([code]) => code.match(/\w+/g)),
);
const missing = (names: readonly string[]): string[] => names.filter((name) => !named.has(name));

/** Returns the names that a module exports, including types, without those of `export *`. */
function exportsOf(file: string): string[] {
  const program = ts.createProgram([file], { noLib: true, noResolve: true, types: [] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module).map(({ name }) => name);
}

it('names every export', () => {
  const names = ['index.ts', 'browser.ts'].flatMap((file) => exportsOf(path.join(root, 'sdk', file)));
  expect(names.length).toBeGreaterThan(50);
  expect(missing(names)).toEqual([]);
});

it.each([Sandbox, Inbox, Message, Rules])('names what $name has', ({ prototype }) => {
  const names = Object.getOwnPropertyNames(prototype).filter(
    (name) => !/^(constructor|toString)$/.test(name),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(missing(names)).toEqual([]);
});

it('names every matcher', () => {
  expect(missing([...Object.keys(matchers), 'toMatchMailSnapshot'])).toEqual([]);
});
