import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Uid } from '../../../server/store/ids.ts';
import {
  exceeds,
  formatSet,
  indexesOf,
  spansOfSequence,
  spansOfUids,
  membership,
  parseSequenceSet,
  parseUidSet,
  resolveRanges,
  type SequenceSet,
  type UidList,
  type UidSet,
} from '../../../server/imap/wire/sequence-set.ts';

const sequence = (text: string): SequenceSet => parseSequenceSet(text) as SequenceSet;
const uids = (text: string): UidSet => parseUidSet(text) as UidSet;
const indexesOfSequence = (set: SequenceSet, count: number): number[] =>
  indexesOf(spansOfSequence(set, count));
const indexesOfUids = (set: UidSet, list: UidList): number[] => indexesOf(spansOfUids(set, list));
const uidList = (...numbers: number[]): UidList => ({
  size: numbers.length,
  uidAt: (index) => numbers[index] as Uid,
});

it.each(['', '0', '1,', ',1', '1:', ':1', '1:2:3', 'a', '4294967296', '99999999999', '1-2', '$,1', '+1'])(
  'refuses %j',
  (text) => {
    expect(() => sequence(text)).toThrow(expect.objectContaining({ kind: 'BAD' }));
  },
);

it('parses the saved result', () => {
  expect(parseSequenceSet('$')).toEqual({ kind: 'saved' });
  expect(parseUidSet('$')).toEqual({ kind: 'saved' });
});

it.each([
  ['1', 3, [0]],
  ['1:*', 3, [0, 1, 2]],
  ['*:1', 3, [0, 1, 2]],
  ['*', 3, [2]],
  ['3:1', 3, [0, 1, 2]],
  ['2,1,2', 3, [0, 1]],
  ['9:*', 3, [2]],
  ['1:*', 0, []],
  ['*', 0, []],
  ['1:4294967295', 2, [0, 1]],
])('finds %s among %i messages', (text, count, expected) => {
  expect(indexesOfSequence(sequence(text), count)).toEqual(expected);
});

it.each([
  ['4', 3, true],
  ['1:4', 3, true],
  ['3', 3, false],
  ['9:*', 3, false],
  ['1', 0, true],
  ['1:*', 0, false],
])('reports for %s beyond %i messages: %s', (text, count, expected) => {
  expect(exceeds(sequence(text), count)).toBe(expected);
});

it.each([
  ['5', [0]],
  ['6', []],
  ['1:100', [0, 1, 2]],
  ['8:*', [1, 2]],
  ['1000:*', [2]],
  ['*:1000', [2]],
  ['*', [2]],
  ['1:4294967295', [0, 1, 2]],
  ['90:5,8', [0, 1, 2]],
])('finds UIDs %s among 5, 8 and 90', (text, expected) => {
  expect(indexesOfUids(uids(text), uidList(5, 8, 90))).toEqual(expected);
});

it('handles many huge ranges', () => {
  const many = uids(Array.from({ length: 20_000 }, (_, index) => `${index + 1}:4294967295`).join(','));
  const present = Array.from({ length: 1_000 }, (_, index) => index * 1_000 + 1);
  expect(indexesOfUids(many, uidList(...present))).toHaveLength(1_000);
});

it('finds many UIDs in linear time', () => {
  const looks = (count: number): number => {
    let calls = 0;
    const present: UidList = { size: count, uidAt: (index) => (calls++, (3 * index + 1) as Uid) };
    const named = uids(Array.from({ length: count }, (_, index) => 3 * index + 1).join(','));
    expect(indexesOfUids(named, present)).toHaveLength(count);
    return calls;
  };
  // A binary search from the start for each range needed 25 comparisons for each of 4,000 UIDs, and more for more
  // UIDs.
  expect(looks(2_000)).toBeLessThanOrEqual(8 * 2_000);
  expect(looks(4_000)).toBeLessThanOrEqual(8 * 4_000);
});

it('prints neighbours as ranges', () => {
  expect(formatSet([])).toBe('');
  expect(formatSet([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10');
  expect(formatSet([5, 4, 3])).toBe('5,4,3');
});

it('agrees with a plain set of numbers', () => {
  const number = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.constant('*' as const));
  const range = fc.oneof(
    number.map(String),
    fc.tuple(number, number).map(([from, to]) => `${from}:${to}`),
  );
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 6 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }),
      (ranges, numbers) => {
        const present = numbers.sort((a, b) => a - b) as Uid[];
        const highest = present.at(-1)!;
        const named = new Set<number>();
        for (const item of ranges) {
          const [a = 0, b = a] = item.split(':').map((text) => (text === '*' ? highest : Number(text)));
          for (let at = Math.min(a, b); at <= Math.max(a, b); at++) named.add(at);
        }
        const set = uids(ranges.join(','));
        const expected = present.filter((uid) => named.has(uid));
        expect(indexesOfUids(set, uidList(...present)).map((index) => present[index])).toEqual(expected);
        expect(present.filter(membership(set, highest))).toEqual(expected);
        for (const { from, to } of resolveRanges(set.ranges, highest)) expect(from).toBeLessThanOrEqual(to);
        expect(indexesOfUids(uids(formatSet(present)), uidList(...present))).toHaveLength(present.length);
      },
    ),
  );
});
