/** Tests that every accessibility rule has a golden case, and that colours are parsed and compared as in WCAG. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ruleNames } from '../../../server/checks/accessibility/catalogue.ts';
import { contrast, hex, parseColor } from '../../../server/checks/accessibility/style/color.ts';

it('has a golden case for every rule', () => {
  const cases = readdirSync(path.join(import.meta.dirname, '../golden/accessibility'));
  expect(ruleNames.filter((rule) => !cases.includes(rule))).toEqual([]);
});

it.each([
  ['#abc', '#aabbcc'],
  ['RebeccaPurple', '#663399'],
  ['rgb(0 128 255 / 50%)', '#0080ff'],
  ['rgba(100%, 0%, 0%, 0.5)', '#ff0000'],
  ['hsl(120, 100%, 25%)', '#008000'],
])('reads %s', (text, written) => expect(hex(parseColor(text)!)).toBe(written));

it.each(['var(--x)', 'red blue', '#12', 'rgb(1, 2)', 'url(x)'])('does not parse %s', (text) =>
  expect(parseColor(text)).toBeNull(),
);

it('compares colours as in WCAG', () => {
  expect(contrast(parseColor('black')!, parseColor('white')!)).toBeCloseTo(21);
  expect(contrast(parseColor('#767676')!, parseColor('#fff')!)).toBeCloseTo(4.54, 2);
});
