import { pino } from 'pino';
import { expect, it } from 'vitest';
import { readable } from '../../server/cli/log.ts';
import { printable, printableJson } from '../../server/cli/printable.ts';

it('formats entries as readable text', () => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(readable(line)) });
  log.warn({ peer: '127.0.0.1', octets: 5 }, 'smtp: a long line');
  log.error({ err: new Error('no room') }, 'store');
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d WARN {2}smtp: a long line peer=127\.0\.0\.1 octets=5\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d ERROR store\nError: no room\n +at /);
});

/**
 * Texts of a client or of a message that control a terminal, or that make one line of the log look like two lines or
 * like another line.
 */
const hostile: readonly (readonly [name: string, text: string])[] = [
  ['a title by OSC', 'RETR \u001b]0;x\u0007'],
  ['CSI in one character', '\u009b2J'],
  ['a line of its own', 'x\n12:00:00 ERROR the disk is full'],
  ['a carriage return', 'x\r12:00:00 ERROR gone'],
  ['a line end of Unicode', 'x\u2028y\u2029z\u0085'],
  ['reversed text', '\u202egnp.exe\u2066\u2069\u200f\u061c'],
  ['delete and backspace', 'a\b\u007f'],
];
// eslint-disable-next-line no-control-regex
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

it.each(hostile)('writes %s as escapes, in readable text and in JSON', (_name, text) => {
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(line) });
  log.warn({ command: text, [text]: 1, nested: { text } }, text);
  log.error({ err: new TypeError(text) }, 'failed');
  for (const line of lines) {
    expect(printableJson(line)).not.toMatch(RAW);
    expect(JSON.parse(printableJson(line))).toEqual(JSON.parse(line));
    expect(readable(line)).not.toMatch(RAW);
  }
  expect(readable(lines[0] ?? '').split('\n')).toHaveLength(2);
  const [, said, ...places] = readable(lines[1] ?? '')
    .trimEnd()
    .split('\n');
  expect(said).toBe(`TypeError: ${printable(text)}`);
  for (const place of places) expect(place).toMatch(/^ {4}at /);
});

it('does not change letters, signs and emoji', () => {
  const text = 'Grüße, 日本語 العربية 👨‍👩‍👧 “x”';
  expect(printable(text)).toBe(text);
  expect(printableJson(JSON.stringify({ text }))).toBe(JSON.stringify({ text }));
});
