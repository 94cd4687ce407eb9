/** Tests the layout of `--help` at the width of a terminal. */
import { expect, it } from 'vitest';
import { row, textWidth, wrap } from '../../server/cli/columns.ts';
import { helpText } from '../../server/cli/help.ts';

const COMMANDS = [
  'start',
  'doctor',
  'copy',
  'import',
  'export',
  'check',
  'sendmail',
  'mailpit',
  'healthcheck',
];

it.each([80, 120])('has no line of more than %i characters, and aligned descriptions', (width) => {
  for (const command of COMMANDS) {
    const lines = helpText(command, width).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
    const [, options = ''] = helpText(command, width).split(/^Options.*\n/m);
    const starts = [...options.matchAll(/^(?: {2}-.*? {2,}| {3,})(?=\S)/gm)].map(([before]) => before.length);
    expect(new Set(starts)).toEqual(new Set([34]));
  }
});

it('uses the width of the terminal up to 120 columns, and 80 without a terminal', () => {
  expect([undefined, 60, 100, 300].map(textWidth)).toEqual([80, 60, 100, 120]);
  expect(helpText('start', 120).length).toBeLessThan(helpText('start', 60).length);
});

it('wraps between words, and leaves a long word whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a /a/very/long/path b', 5)).toEqual(['a', '/a/very/long/path', 'b']);
  expect(row('left', 'one two three', 10, 17)).toBe('  left    one two\n          three\n');
  expect(row('a long left', 'one two', 8, 40)).toBe('  a long left\n        one two\n');
});
