/**
 * Sets of message numbers (RFC 9051 §4.1.1): parses them, finds their messages in a mailbox, and formats them.
 * The work depends on the number of messages and of ranges, not on how many numbers a range contains:
 * `1:4294967295` is one range.
 *
 * Sets of sequence numbers and of UIDs are different types, so that the compiler detects when one is used for
 * the other.
 */
import type { Uid } from '../../store/ids.ts';
import { bad } from './response.ts';

declare const brand: unique symbol;

/** Position of a message in a session's view of its mailbox, from 1. */
export type SequenceNumber = number & { readonly [brand]: 'SequenceNumber' };

/** A range that includes both ends; `STAR` stands for the highest number in use. */
interface Range {
  readonly from: number;
  readonly to: number;
}
const STAR = Infinity;
const MAX_NUMBER = 0xffffffff;

/** The number that `*` stands for in a set of UIDs that may also contain UIDs of expunged messages. */
export const HIGHEST_UID = MAX_NUMBER;

export interface SequenceSet {
  readonly kind: 'sequence';
  readonly ranges: readonly Range[];
}
export interface UidSet {
  readonly kind: 'uid';
  readonly ranges: readonly Range[];
}
/** The set `$`: the saved result of the last search (RFC 5182). */
export interface SavedSet {
  readonly kind: 'saved';
}
/** A set of messages in one of the forms in which a command can name them. */
export type MessageSet = SequenceSet | UidSet | SavedSet;

/** Parses a set of UIDs. @throws Status BAD for text that is not a set of numbers */
export function parseUidSet(text: string): UidSet | SavedSet {
  return text === '$' ? { kind: 'saved' } : { kind: 'uid', ranges: parseRanges(text) };
}

/** Parses a set of sequence numbers. @throws Status BAD for text that is not a set of numbers */
export function parseSequenceSet(text: string): SequenceSet | SavedSet {
  return text === '$' ? { kind: 'saved' } : { kind: 'sequence', ranges: parseRanges(text) };
}

/** Parses the ranges of a set in one pass, because a line may contain tens of thousands of ranges. */
function parseRanges(text: string): Range[] {
  const ranges: Range[] = [];
  for (let at = 0; ; at++) {
    const first = numberEnd(text, at);
    const from = parseNumber(text.slice(at, first));
    let to = from;
    at = first;
    if (text[at] === ':') {
      const last = numberEnd(text, at + 1);
      to = parseNumber(text.slice(at + 1, last));
      at = last;
    }
    ranges.push(from <= to ? { from, to } : { from: to, to: from });
    if (at === text.length) return ranges;
    if (text[at] !== ',') throw bad('Not a sequence set');
  }
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

/** Returns the end of the number, or of `*`, that begins at `start`. */
function numberEnd(text: string, start: number): number {
  if (text[start] === '*') return start + 1;
  let end = start;
  while (isDigit(text.charCodeAt(end))) end++;
  return end;
}

function parseNumber(text: string): number {
  if (text === '*') return STAR;
  if (text === '') throw bad('Not a sequence set');
  const value = Number(text);
  if (!(value >= 1 && value <= MAX_NUMBER)) throw bad('Message numbers are 1 to 4294967295');
  return value;
}

/**
 * Returns the ranges sorted and merged, with `*` replaced by `highest`. A range `n:*` with `n` above `highest`
 * contains only `highest`.
 */
export function resolveRanges(ranges: readonly Range[], highest: number): Range[] {
  const resolved: Range[] = [];
  let ascending = true;
  for (const { from, to } of ranges) {
    const [low, high] = [from === STAR ? highest : from, to === STAR ? highest : to];
    const range = low <= high ? { from: low, to: high } : { from: high, to: low };
    ascending &&= range.from >= (resolved.at(-1)?.from ?? 0);
    resolved.push(range);
  }
  // Sorting is skipped if the numbers already ascend, as in most commands: a command may contain tens of
  // thousands of ranges.
  if (!ascending) resolved.sort((a, b) => a.from - b.from);
  const merged: { from: number; to: number }[] = [];
  for (const range of resolved) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) last.to = Math.max(last.to, range.to);
    else merged.push({ from: range.from, to: range.to });
  }
  return merged;
}

/** A range of message indexes, `from` to `to` inclusive. */
export interface IndexSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the messages that a set of sequence numbers names in a mailbox of `count` messages, as ascending ranges
 * of indexes.
 */
export function spansOfSequence(set: SequenceSet, count: number): IndexSpan[] {
  if (count === 0) return [];
  return resolveRanges(set.ranges, count)
    .filter(({ from }) => from <= count)
    .map(({ from, to }) => ({ from: from - 1, to: Math.min(to, count) - 1 }));
}

/** Returns all message indexes that the given ranges contain. */
export function indexesOf(spans: readonly IndexSpan[]): number[] {
  const indexes: number[] = [];
  for (const { from, to } of spans) for (let index = from; index <= to; index++) indexes.push(index);
  return indexes;
}

/** Converts ascending message indexes to ranges of consecutive indexes. */
export function spansOfIndexes(indexes: readonly number[]): IndexSpan[] {
  const spans: { from: number; to: number }[] = [];
  for (const index of indexes) {
    const last = spans.at(-1);
    if (last !== undefined && last.to + 1 === index) last.to = index;
    else spans.push({ from: index, to: index });
  }
  return spans;
}

/** Returns the intersection of two lists of ascending ranges, in linear time. */
export function intersectSpans(a: readonly IndexSpan[], b: readonly IndexSpan[]): IndexSpan[] {
  const common: IndexSpan[] = [];
  for (let i = 0, j = 0; ;) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined) return common;
    const [from, to] = [Math.max(left.from, right.from), Math.min(left.to, right.to)];
    if (from <= to) common.push({ from, to });
    if (left.to < right.to) i++;
    else j++;
  }
}

/**
 * Returns whether the set names a message above `count`. Returns false for a range to `*`, because such a range names
 * at least the last message.
 */
export function exceeds(set: SequenceSet, count: number): boolean {
  return set.ranges.some(({ to }) => to !== STAR && to > count);
}

/** A list of UIDs in ascending order with access by index. */
export interface UidList {
  readonly size: number;
  uidAt(index: number): Uid;
}

/** Returns the indexes of those elements of `uids` that are in the set, as ascending ranges. */
export function spansOfUids(set: UidSet, uids: UidList): IndexSpan[] {
  if (uids.size === 0) return [];
  const spans: IndexSpan[] = [];
  let next = 0;
  for (const { from, to } of resolveRanges(set.ranges, uids.uidAt(uids.size - 1))) {
    const first = lowerBound(uids, from, next);
    next = first === uids.size || uids.uidAt(first) > to ? first : lowerBound(uids, to + 1, first + 1);
    if (next > first) spans.push({ from: first, to: next - 1 });
  }
  return spans;
}

/**
 * Returns a function that tests whether a number is in the set; each test takes logarithmic time.
 *
 * @param highest the value of `*`
 */
export function membership(set: SequenceSet | UidSet, highest: number): (number: number) => boolean {
  return spanMembership(resolveRanges(set.ranges, highest));
}

/** Returns a function that tests whether an index is in the ascending ranges; each test takes logarithmic time. */
export function spanMembership(spans: readonly IndexSpan[]): (number: number) => boolean {
  return (number) => {
    let [low, high] = [0, spans.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((spans[middle]?.to ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return (spans[low]?.from ?? Infinity) <= number;
  };
}

/**
 * Returns the first index whose UID is at or above `uid`.
 *
 * @param start an index at or below the result; the time is proportional to the logarithm of the distance from
 * it
 */
export function lowerBound(uids: UidList, uid: number, start = 0): number {
  let [low, high] = [start, start === 0 ? uids.size : start];
  for (let step = 1; high < uids.size && uids.uidAt(high) < uid; step *= 2) {
    low = high + 1;
    high = Math.min(uids.size, high + step);
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (uids.uidAt(middle) < uid) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Formats numbers in the given order, with consecutive numbers joined: `1:3,7`. Ascending input gives the
 * shortest text.
 */
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
