/** Tests the lint rule that reports texts of the UI that no file uses. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Linter, type Rule } from 'eslint';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/program.ts';

const file = path.join(import.meta.dirname, '../../unused-texts.js');
const { default: rule } = (await import(pathToFileURL(file).href)) as { default: Rule.RuleModule };

const TEXTS = `
const more = { not: 'a text' };
export const menuStrings = {
  menu: { open: 'Open', 'close-all': 'Close all', never: 'Never', count: (n) => ({ n }) },
  modes: { a: 'A', b: 'B' },
  gone: { all: 'All' },
};`;

/** Returns the texts that the rule reports for the files of a UI. */
function unused(files: Readonly<Record<string, string>>): string[] {
  const folder = temporaryDirectory();
  mkdirSync(path.join(folder, 'views'));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const found = new Linter().verify(TEXTS, [
    { plugins: { texts: { rules: { unused: rule } } }, rules: { 'texts/unused': ['error', { folder }] } },
  ]);
  return found.map(({ message }) => /text (\S+):/.exec(message)?.[1] ?? message);
}

const view = (script: string, template: string): string =>
  `<script setup lang="ts">\nimport { strings as s } from '../strings.ts';\n${script}\n</script>\n<template>${template}</template>\n`;

it('reports the texts that no script and no template uses', () => {
  expect(
    unused({
      'views/Menu.vue': view('const mode = 1 as number;', '<p :title="s.menu.open">{{ s.modes[mode] }}</p>'),
      'model.ts':
        "export const label = (n: number): string => s.menu['close-all'] + s.menu.count(n).length;\n",
    }),
  ).toEqual(['menu.never', 'gone.all']);
});

it('counts an access to an object as a use of all its texts', () => {
  const script = 'const { open } = s.menu; const modes = Object.values(s.modes);';
  expect(
    unused({ 'views/Menu.vue': view(script, '<p v-for="(text, key) in s.gone">{{ text }}</p>') }),
  ).toEqual([]);
});

it('does not count the same name in another object, or a comment', () => {
  const script =
    "// s.menu.open\nconst other = { menu: { open: 1 } }; const text = other.menu.open + 's.gone.all';";
  const paths = unused({ 'views/Menu.vue': view(script, '<p>s.menu.never</p>') });
  expect(paths).toEqual([
    'menu.open',
    'menu.close-all',
    'menu.never',
    'menu.count',
    'modes.a',
    'modes.b',
    'gone.all',
  ]);
});
