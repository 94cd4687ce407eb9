/** Tests the licences of all packages that are shipped, bundled or installed, from the lists in the package. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './helpers/documentation.ts';
import { runtimePackages } from './helpers/package.ts';

/** Licences that require only their notice, or (MPL) the publication of changes to its own files. */
const ALLOWED = new Set(
  'MIT MIT-0 ISC 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 MPL-2.0 BlueOak-1.0.0 Unlicense CC0-1.0'.split(
    ' ',
  ),
);
/** Packages that do not contain the text of their licence. */
const WITHOUT_TEXT = ['abstract-logging', 'boolbase', 'pg-types', 'pgpass'];

interface Licence {
  readonly name: string;
  readonly licence: string;
  readonly text: string;
}

/** Returns whether an SPDX expression is permitted: a licence, or licences joined by OR or AND. */
function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name)));
}

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/**
 * Returns the licences of the server's list, whose entries have the form `name version ("MIT")` and a text,
 * separated by dashes.
 */
const ofServer = (): Licence[] =>
  read('dist/server/LICENSES.txt')
    .split(`\n\n${'-'.repeat(80)}\n\n`)
    .map((section) => {
      const [, name = '', licence = '', text = ''] = /^(\S+) \S+ \("(.*)"\)\s*([^]*)$/.exec(section) ?? [];
      return { name, licence, text };
    });

/** Returns the licences of the UI's list, whose entries have the form `## name - version (MIT)` and a text. */
const ofUi = (): Licence[] =>
  read('dist/ui/LICENSES.md')
    .split(/^## (?=.* - \d[^ ]* \()/m)
    .slice(1)
    .map((section) => {
      const [, name = '', licence = '', text = ''] = /^(\S+) - \S+ \((.*)\)\s*([^]*)$/.exec(section) ?? [];
      return { name, licence, text };
    });

const ofInstalled = (): Licence[] =>
  runtimePackages().map((folder) => {
    const { name, license } = JSON.parse(read(`${folder}/package.json`)) as { name: string; license: string };
    return { name, licence: license, text: 'in its folder' };
  });

describe.each([
  ['the server’s bundle', ofServer, 100, 'fastify'],
  ['the server’s table', ofServer, 100, 'caniemail'],
  ['the UI’s', ofUi, 10, '@vue/runtime-dom'],
  ['the UI’s styles', ofUi, 10, 'tailwindcss'],
  ['what is installed beside them', ofInstalled, 4, 'nodemailer'],
])('%s', (_, list, least, known) => {
  it('contains permitted licences only, with their texts', () => {
    const licences = list();
    expect(licences.length).toBeGreaterThanOrEqual(least);
    expect(licences.map(({ name }) => name)).toContain(known);
    expect(licences.filter(({ licence }) => !isAllowed(licence))).toEqual([]);
    const bare = licences.filter(({ text }) => text === '').map(({ name }) => name);
    expect(bare.filter((name) => !WITHOUT_TEXT.includes(name))).toEqual([]);
  });
});

it('an expression is permitted by one of its choices, or by all licences that it joins', () => {
  expect(['(MIT OR EUPL-1.1+)', 'MIT AND ISC', 'GPL-3.0', 'MIT AND GPL-2.0', ''].map(isAllowed)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
