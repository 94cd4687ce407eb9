import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../../server/store/find/language/fold.ts';
import type { Query } from '../../../../server/store/find/language/ast.ts';
import { createSearchIndex, type SearchIndex } from '../../../../server/store/find/index/index.ts';
import { columnsOf } from '../../../../server/store/find/index/trigrams.ts';
import { SLOTS } from '../../../../server/store/find/index/block.ts';
import { sampleTexts } from './texts.ts';

const words = (value: string): Query => ({ kind: 'words', value });
const and = (...terms: Query[]): Query => ({ kind: 'and', terms });
const or = (...terms: Query[]): Query => ({ kind: 'or', terms });
const not = (term: Query): Query => ({ kind: 'not', term });

const signed = (text: string): Uint16Array => Uint16Array.from(columnsOf([fold(text)]));
const indexOf = (texts: readonly string[]): SearchIndex => {
  const index = createSearchIndex();
  texts.forEach((text, ordinal) => index.add(ordinal, signed(text)));
  return index;
};
const found = (index: SearchIndex, query: Query, ordinals: number): number[] | 'all' => {
  const candidates = index.candidates(query);
  if (candidates === 'all') return 'all';
  return Array.from({ length: ordinals }, (_, ordinal) => ordinal).filter((one) => candidates.has(one));
};

describe('a search index', () => {
  const texts = ['Your invoice 2041', 'Reset your password', 'Grüße aus Łódź', 'ὈΔΥΣΣΕΎΣ', '日本語のメール'];
  const index = indexOf(texts);

  it.each<[Query, number[]]>([
    [words('INVOICE'), [0]],
    [words('your'), [0, 1]],
    [words('grüsse'), [2]],
    [words('łódź'), [2]],
    [words('ὀδυσσεύς'), [3]],
    [words('本語の'), [4]],
    [words('pass*word'), [1]],
    [and(words('your'), words('reset')), [1]],
    [or(words('invoice'), words('reset')), [0, 1]],
    [and(words('your'), not(words('reset'))), [0, 1]],
    [{ kind: 'text', field: 'body', value: 'reset' }, [1]],
    [{ kind: 'header', name: 'X', value: 'reset' }, [1]],
    [{ kind: 'address', field: 'to', value: 'reset' }, [1]],
  ])('narrows %j', (query, expected) => {
    expect(found(index, query, texts.length)).toEqual(expected);
  });

  it.each<[string, Query]>([
    ['two characters', words('yo')],
    ['stars between them', words('yo*r*in')],
    ['a negation', not(words('reset'))],
    ['one side of OR', or(words('reset'), words('yo'))],
    ['a tag', { kind: 'text', field: 'tag', value: 'important' }],
    ['a date', { kind: 'after', at: 0 }],
    ['a header that is there', { kind: 'header', name: 'X-Run', value: null }],
  ])('excludes no message for %s', (_, query) => {
    expect(index.candidates(query)).toBe('all');
  });

  it('forgets a deleted text, and a text whose place a new one has taken', () => {
    const one = indexOf(texts);
    one.delete(0);
    expect(found(one, words('invoice'), 5)).toEqual([]);
    one.add(0, signed('a parcel'));
    expect(found(one, words('invoice'), 5)).toEqual([]);
    expect(found(one, words('parcel'), 5)).toEqual([0]);
  });
});

it('never excludes a message with the words after any additions, deletions and saves', () => {
  const letters = fc.constantFrom(
    'a',
    'b',
    'B',
    'ß',
    'é',
    'e\u0301',
    'Σ',
    'ς',
    ' ',
    '\n',
    'ﬁ',
    '1',
    '\u00ad',
    '*',
  );
  const text = fc.string({ unit: letters, maxLength: 40 });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ ordinal: fc.nat(3 * SLOTS), text }) },
    fc.record({ ordinal: fc.nat(3 * SLOTS), text: fc.constant(null) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(text, { maxLength: 4 }), (steps, asked) => {
      let index = createSearchIndex();
      const there = new Map<number, string>();
      for (const { ordinal, text: added } of steps) {
        if (added === null) {
          index.delete(ordinal);
          there.delete(ordinal);
        } else {
          index.add(ordinal, signed(added));
          there.set(ordinal, fold(added));
        }
      }
      const restored = createSearchIndex();
      for (let n = 0; n < index.blocks; n++) {
        const bytes = index.encodeBlock(n);
        if (bytes !== null) expect(restored.decodeBlock(n, bytes)).toBe(true);
      }
      index = restored;
      const inside = [...there.values()].map((value) => value.slice(2, 7)).filter((value) => value !== '');
      for (const value of [...asked, ...inside]) {
        const candidates = index.candidates(words(value));
        if (candidates === 'all') continue;
        for (const [ordinal, held] of there) {
          if (held.includes(fold(value))) expect(candidates.has(ordinal)).toBe(true);
        }
        for (const ordinal of [0, 1, SLOTS, 3 * SLOTS]) {
          if (!there.has(ordinal)) expect(candidates.has(ordinal)).toBe(false);
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('takes 600 octets for a message of 5 KB, and passes few messages without the token', () => {
  const texts = sampleTexts(3 * SLOTS, 5_000);
  const index = indexOf(texts.map(({ text }) => text));
  // The last block is not complete, so it has its largest size.
  index.add(3 * SLOTS, signed('one more'));
  const perMessage = (index.size - 1_048_576) / (3 * SLOTS);
  expect(perMessage).toBeLessThanOrEqual(600);
  let passed = 0;
  for (const { token } of texts.slice(0, 200)) {
    const candidates = index.candidates(words(token));
    if (candidates === 'all') throw new Error('no trigram');
    expect(candidates.count).toBeGreaterThanOrEqual(1);
    passed += candidates.count - 1;
  }
  expect(passed / 200 / texts.length).toBeLessThan(0.02);
});
