/** Tests the suggestions of the search box. */
import { describe, expect, it } from 'vitest';
import type { Account, Summary } from '../../../contract/index.ts';
import { suggest, waitsForValue, wordStart, type Known } from '../../../ui/model/query-words.ts';

const known: Known = {
  accounts: [{ name: 'all' }, { name: 'ann@x.test', messages: 2 }] as unknown as Account[],
  tags: [{ tag: 'two words', messages: 1 }],
  messages: [
    {
      from: [{ name: 'Shop', address: 'shop@x.test' }],
      to: [{ name: '', address: 'ann@x.test' }],
      cc: [],
      bcc: [],
    },
    { from: [{ name: 'Shop again', address: 'shop@x.test' }], to: [], cc: [], bcc: [] },
  ] as unknown as Summary[],
};

describe('wordStart', () => {
  it.each([
    ['from:a', 6, 0],
    ['hello wor', 9, 6],
    ['-from:a', 7, 1],
    ['(subject:x', 10, 1],
    ['"a phrase', 9, -1],
    ['"a" b', 5, 4],
  ])('of %j at %i is %i', (text, caret, start) => {
    expect(wordStart(text, caret)).toBe(start);
  });
});

it('recognizes a field without a value', () => {
  expect([waitsForValue('FROM:'), waitsForValue('from:a'), waitsForValue('word')]).toEqual([
    true,
    false,
    false,
  ]);
});

describe('suggest', () => {
  it('suggests the fields that begin with the word', () => {
    expect(suggest('fro', known).map(({ text, complete }) => [text, complete])).toEqual([['from:', false]]);
    expect(suggest('', known)).toEqual([]);
  });

  it('suggests each address of the messages once', () => {
    expect(suggest('from:', known).map(({ text, hint }) => [text, hint])).toEqual([
      ['from:shop@x.test', 'Shop'],
    ]);
    expect(suggest('to:AN', known).map(({ text }) => text)).toEqual(['to:ann@x.test']);
  });

  it('suggests accounts that are addresses, and quotes values with blanks', () => {
    expect(suggest('rcpt:', known).map(({ text }) => text)).toEqual(['rcpt:ann@x.test']);
    expect(suggest('tag:', known).map(({ text }) => text)).toEqual(['tag:"two words"']);
  });

  it('does not suggest the current value', () => {
    expect(suggest('from:shop@x.test', known)).toEqual([]);
  });
});
