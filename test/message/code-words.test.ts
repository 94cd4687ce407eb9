/** Tests of the word lists of the code finder: their letter case, and the offsets of words in a text. */
import { describe, expect, it } from 'vitest';
import { WHOLE_END, WHOLE_START } from '../../server/message/codes/whole-word.ts';
import {
  LowerCaseExpression,
  lowerCase,
  WordExpression,
} from '../../server/message/codes/word-expression.ts';

describe('lower case', () => {
  it.each([
    ['Your CODE', 'your code'],
    ['ПАРОЛЬ ΚΩΔΙΚΌΣ', 'пароль κωδικός'],
    ['İNDİRİM Şifre', 'indirim şifre'],
    ['😀 ẞ Ǆ İ', '😀 ß ǆ i'],
  ])('converts %s to %s and keeps each offset', (text, lower) => {
    expect(lowerCase(text)).toBe(lower);
    expect(lower).toHaveLength(text.length);
  });
});

describe('words', () => {
  const expression = new WordExpression(
    { words: 'pins?|code|ko[dt]|contraseña', start: WHOLE_START, end: WHOLE_END },
    { words: String.raw`код\p{L}{0,2}|\p{L}{1,3}wort` },
  );

  it.each([
    ['Your CODE and PINS', ['CODE', 'PINS']],
    ['İşte KOD ve Код, Codes', ['KOD', 'Код']],
    ['Losungswort 12, КОДОМ', ['ngswort', 'КОДОМ']],
    ['CONTRASEÑA', ['CONTRASEÑA']],
    ['no words', []],
  ])('finds the words in %s', (text, words) => {
    const found = expression.matches(text, 10).map(({ start, end }) => text.slice(start, end));
    expect(found).toEqual(words);
    expect(expression.test(text)).toBe(words.length > 0);
    expect(expression.search(text)).toBe(words[0] === undefined ? -1 : text.indexOf(words[0]));
  });

  it('reports a word with a capital letter', () => {
    const words = String.raw`\p{Lu}\S|Code`;
    expect(() => new WordExpression({ words }).test('code')).toThrow('Words must be in lower case');
    expect(() => new LowerCaseExpression(words).test('code')).toThrow('Words must be in lower case');
  });
});
