/**
 * One-time codes in the languages of docs/message.md. Each file of `codes/` is a language. A line starts with the code that its
 * text announces, or with a dash if its text has numbers but no code; `\n` in a text is a line break. The texts were
 * written before the code finder knew their languages, from the templates that senders use.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodes } from '../../server/message/codes/index.ts';

const folder = path.join(import.meta.dirname, 'codes');
/** The confidence from which a message counts as announcing a code. */
const ANNOUNCED = 0.5;

function announced(text: string): readonly string[] {
  return findCodes({ subject: '', texts: [text], tokens: [] })
    .filter(({ confidence }) => confidence >= ANNOUNCED)
    .map(({ value }) => value);
}

function linesOf(file: string): readonly { readonly expected: readonly string[]; readonly text: string }[] {
  return readFileSync(path.join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [code = '', ...words] = line.split(' ');
      return { expected: code === '-' ? [] : [code], text: words.join(' ').replaceAll('\\n', '\n') };
    });
}

describe.each(readdirSync(folder))('%s', (file) => {
  it.each(linesOf(file))('$expected in $text', ({ expected, text }) => {
    expect(announced(text)).toEqual(expected);
  });
});

it.each(readdirSync(folder))('ranks the code of %s before all numbers of its other texts', (file) => {
  const lines = linesOf(file);
  const code = lines.find(({ expected }) => expected.length > 0)!;
  const others = lines
    .filter(({ expected }) => expected.length === 0)
    // The other texts use the same number, so each digit is moved by one.
    .map(({ text }) => text.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10)));
  expect(announced([...others, '', code.text, '', ...others].join('\n'))).toEqual(code.expected);
});
