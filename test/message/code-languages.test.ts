/**
 * One-time codes in the languages of docs/message.md. Each file of `codes/` is a language. A line starts with the code that its
 * text announces, or with a dash if its text has numbers but no code; `\n` in a text is a line break. The texts were
 * written before the code finder knew their languages, from the templates that senders use. `codes-unseen/` has 408 texts in the
 * same form, by a writer who had not seen the finder: 30 of them failed at first (two of those because they expected the
 * prefix `G-` in the value). The finder was then changed with these texts at hand, so they guard against regressions and no
 * longer measure its accuracy on unseen mail. `codes-entered/` has numbers directly after a verb such as `enter` that count
 * something, and masked numbers, beside codes after the same verbs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodes } from '../../server/message/codes/index.ts';

/** The confidence from which a message counts as announcing a code. */
const ANNOUNCED = 0.5;

function announced(text: string): readonly string[] {
  return findCodes({ subject: '', texts: [text], tokens: [] })
    .filter(({ confidence }) => confidence >= ANNOUNCED)
    .map(({ value }) => value);
}

function linesOf(file: string): readonly { readonly expected: readonly string[]; readonly text: string }[] {
  return readFileSync(path.join(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [code = '', ...words] = line.split(' ');
      return { expected: code === '-' ? [] : [code], text: words.join(' ').replaceAll('\\n', '\n') };
    });
}

const filesOf = (folder: string): readonly string[] =>
  readdirSync(path.join(import.meta.dirname, folder)).map((file) => `${folder}/${file}`);

describe.each([...filesOf('codes'), ...filesOf('codes-unseen'), ...filesOf('codes-entered')])(
  '%s',
  (file) => {
    it.each(linesOf(file))('$expected in $text', ({ expected, text }) => {
      expect(announced(text)).toEqual(expected);
    });
  },
);

it.each(filesOf('codes'))('ranks the code of %s before all numbers of its other texts', (file) => {
  const lines = linesOf(file);
  const code = lines.find(({ expected }) => expected.length > 0)!;
  const others = lines
    .filter(({ expected }) => expected.length === 0)
    // The other texts use the same number, so each digit is moved by one.
    .map(({ text }) => text.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10)));
  expect(announced([...others, '', code.text, '', ...others].join('\n'))).toEqual(code.expected);
});
