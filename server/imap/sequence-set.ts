/**
 * Sets of message numbers (RFC 9051 §4.1.1): parsed, resolved against a mailbox, printed. Work grows with the
 * messages there are and the ranges written, never with the numbers they span: `1:4294967295` is one range.
 *
 * Sequence numbers and UIDs have set types of their own, so that one cannot be taken for the other.
 */
import type { Uid } from '../store/ids.ts';
import { bad } from './response.ts';

declare const brand: unique symbol;

/** Position of a message in a session's view, from 1. */
export type SequenceNumber = number & { readonly [brand]: 'SequenceNumber' };

/** Inclusive; `STAR` stands for the highest number in use. */
interface Range {
  readonly from: number;
  readonly to: number;
}
const STAR = Infinity;
const MAX_NUMBER = 0xffffffff;

export interface SequenceSet {
  readonly kind: 'sequence';
  readonly ranges: readonly Range[];
}
export interface UidSet {
  readonly kind: 'uid';
  readonly ranges: readonly Range[];
}
/** `$`, the saved result of the last search (RFC 5182). */
export interface SavedSet {
  readonly kind: 'saved';
}
/** What a command that takes messages may name them by. */
export type MessageSet = SequenceSet | UidSet | SavedSet;

/** @throws Status BAD when it is no sequence set */
export function parseUidSet(text: string): UidSet | SavedSet {
  return text === '$' ? { kind: 'saved' } : { kind: 'uid', ranges: parseRanges(text) };
}

/** @throws Status BAD when it is no sequence set */
export function parseSequenceSet(text: string): SequenceSet | SavedSet {
  return text === '$' ? { kind: 'saved' } : { kind: 'sequence', ranges: parseRanges(text) };
}

function parseRanges(text: string): Range[] {
  return text.split(',').map((item) => {
    const match = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(item);
    if (match === null) throw bad('Not a sequence set');
    const first = parseNumber(match[1]);
    const second = match[2] === undefined ? first : parseNumber(match[2]);
    return { from: Math.min(first, second), to: Math.max(first, second) };
  });
}

function parseNumber(text: string | undefined): number {
  if (text === '*') return STAR;
  const value = Number(text);
  if (!(value >= 1 && value <= MAX_NUMBER)) throw bad('Message numbers are 1 to 4294967295');
  return value;
}

/** The set with `*` made `highest`, sorted and merged. A range `n:*` above `highest` names `highest` itself. */
export function resolveRanges(ranges: readonly Range[], highest: number): Range[] {
  const resolved = ranges
    .map(({ from, to }) => {
      const [low, high] = [from === STAR ? highest : from, to === STAR ? highest : to];
      return { from: Math.min(low, high), to: Math.max(low, high) };
    })
    .sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of resolved) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

/** Indexes into a view of `count` messages, ascending. */
export function indexesOfSequence(set: SequenceSet, count: number): number[] {
  const indexes: number[] = [];
  if (count === 0) return indexes;
  for (const { from, to } of resolveRanges(set.ranges, count)) {
    for (let number = from; number <= Math.min(to, count); number++) indexes.push(number - 1);
  }
  return indexes;
}

/** Whether the set names a message above `count`. A range to `*` never does: it names the last message at least. */
export function exceeds(set: SequenceSet, count: number): boolean {
  return set.ranges.some(({ to }) => to !== STAR && to > count);
}

/** UIDs in ascending order, by index. */
export interface UidList {
  readonly size: number;
  uidAt(index: number): Uid;
}

/** Indexes of those of `uids` that are in the set, ascending. */
export function indexesOfUids(set: UidSet, uids: UidList): number[] {
  const indexes: number[] = [];
  if (uids.size === 0) return indexes;
  for (const { from, to } of resolveRanges(set.ranges, uids.uidAt(uids.size - 1))) {
    for (let at = lowerBound(uids, from); at < uids.size && uids.uidAt(at) <= to; at++) indexes.push(at);
  }
  return indexes;
}

/**
 * Tells whether a number is in the set, in a time that hardly grows with it.
 *
 * @param highest what `*` means
 */
export function membership(set: SequenceSet | UidSet, highest: number): (number: number) => boolean {
  const ranges = resolveRanges(set.ranges, highest);
  return (number) => {
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranges[middle]?.to ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return (ranges[low]?.from ?? Infinity) <= number;
  };
}

/** First index whose UID is at or above `uid`. */
export function lowerBound(uids: UidList, uid: number): number {
  let [low, high] = [0, uids.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (uids.uidAt(middle) < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers in the order given, neighbours joined: `1:3,7`. Ascending input gives the shortest text. */
export function formatSet(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length;) {
    const from = numbers[at] ?? 0;
    let to = from;
    while (numbers[++at] === to + 1) to++;
    parts.push(from === to ? String(from) : `${from}:${to}`);
  }
  return parts.join(',');
}
