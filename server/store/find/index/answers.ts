/**
 * Answers a query from the search index. For each message and each term of the query, the index either
 * decides whether the message matches, or leaves the decision to the matcher, which reads the message.
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Query } from '../language/ast.ts';
import { patternOf, type Pattern } from '../language/pattern.ts';
import { Bits } from './bits.ts';
import { placeOf, type TermPlace } from './document.ts';
import { DOCUMENT, type ColumnMatch, type Segment } from './segment.ts';
import { isIndexable, lengthOf, termOf, type TokenTerm } from './tokens.ts';

/**
 * The result for one term: `yes` are the messages that match the term; `maybe` are messages for which the
 * index cannot decide, so that they must be read.
 */
interface Found {
  readonly yes: Bits;
  readonly maybe: Bits;
}

/**
 * A segment (a part of the search index), and a function that converts its document numbers to numbers of the
 * whole index.
 */
export interface NumberedSegment {
  readonly segment: Segment;
  /**
   * Converts document numbers of the segment to message numbers of the whole index. Removed documents have no such
   * number and are left out.
   */
  readonly numbersOf: (docs: Bits) => Bits;
}

/**
 * The answers of the search index to a query and to each of its terms. A message is identified by its number
 * in the index.
 */
export class Answers {
  readonly #indexed: Bits;
  readonly #terms: ReadonlyMap<Query, Found>;
  /** The messages of the index that certainly match the query. */
  readonly definite: Bits;
  /** The messages of the index that match the query or may match it. */
  readonly possible: Bits;

  /** The messages that must be read, because the index cannot decide whether they match a term. */
  readonly #undecided = new Bits();

  constructor(query: Query, indexed: Bits, terms: ReadonlyMap<Query, Found>) {
    this.#indexed = indexed;
    this.#terms = terms;
    for (const { maybe } of terms.values()) this.#undecided.addAll(maybe);
    const { yes, maybe } = this.#evaluate(query);
    this.definite = yes;
    this.possible = yes.copy().addAll(maybe);
  }

  /** Returns whether the index contained the message when the query was answered. */
  covers(message: number): boolean {
    return this.#indexed.has(message);
  }

  /**
   * Returns whether the index decided, for this message, every term that an index can answer. If so, the
   * message need not be read for these terms.
   */
  decides(message: number): boolean {
    return this.#indexed.has(message) && !this.#undecided.has(message);
  }

  /** Returns whether a message matches a term; `undefined` if the index cannot decide this. */
  known(term: Query, message: number): boolean | undefined {
    const found = this.#terms.get(term);
    if (found === undefined || !this.#indexed.has(message)) return undefined;
    if (found.yes.has(message)) return true;
    return found.maybe.has(message) ? undefined : false;
  }

  #evaluate(query: Query): Found {
    if (query.kind === 'all') return { yes: this.#indexed, maybe: new Bits() };
    if (query.kind === 'and' || query.kind === 'or') {
      return this.#combine(
        query.kind,
        query.terms.map((term) => this.#evaluate(term)),
      );
    }
    if (query.kind === 'not') {
      const { yes, maybe } = this.#evaluate(query.term);
      return { yes: this.#indexed.copy().removeAll(yes).removeAll(maybe), maybe };
    }
    return this.#terms.get(query) ?? { yes: new Bits(), maybe: this.#indexed };
  }

  #combine(kind: 'and' | 'or', found: readonly Found[]): Found {
    const yes = kind === 'and' ? this.#indexed.copy() : new Bits();
    const possible = kind === 'and' ? this.#indexed.copy() : new Bits();
    for (const each of found) {
      const either = each.yes.copy().addAll(each.maybe);
      if (kind === 'and') {
        yes.keepAll(each.yes);
        possible.keepAll(either);
      } else {
        yes.addAll(each.yes);
        possible.addAll(either);
      }
    }
    return { yes, maybe: possible.removeAll(yes) };
  }
}

/** Returns the terms of a query that the index can answer. */
export function answerable(query: Query): readonly Query[] {
  if (query.kind === 'and' || query.kind === 'or') return query.terms.flatMap(answerable);
  if (query.kind === 'not') return answerable(query.term);
  return query.kind === 'has' || placeOf(query) !== null ? [query] : [];
}

/**
 * The error that is thrown when a segment of the search index cannot be read; `cause` is the original error.
 */
export class SegmentFailure extends Error {
  override readonly name = 'SegmentFailure';
  readonly segment: Segment;

  constructor(segment: Segment, cause: unknown) {
    super('A segment of the search index cannot be read', { cause });
    this.segment = segment;
  }
}

/**
 * Answers a query from the segments of the search index. Throws `SegmentFailure` if a segment cannot be read.
 *
 * @param indexed the numbers of all messages in the segments
 */
export async function answer(
  query: Query,
  segments: readonly NumberedSegment[],
  indexed: Bits,
  slice: TimeSlice,
): Promise<Answers> {
  const terms = new Map<Query, Found>();
  for (const term of answerable(query)) {
    const found = { yes: new Bits(), maybe: new Bits() };
    for (const { segment, numbersOf } of segments) {
      if (slice.over) await slice.rest();
      const { yes, maybe } = await findTerm(term, segment, slice).catch((error: unknown) => {
        throw new SegmentFailure(segment, error);
      });
      found.yes.addAll(numbersOf(yes));
      found.maybe.addAll(numbersOf(maybe.removeAll(yes)));
    }
    terms.set(term, found);
  }
  return new Answers(query, indexed, terms);
}

async function findTerm(term: Query, segment: Segment, slice: TimeSlice): Promise<Found> {
  if (term.kind === 'has') {
    const yes = segment.withFact(term.what === 'html' ? 'hasHtml' : 'hasAttachments');
    return { yes, maybe: new Bits() };
  }
  const place = placeOf(term);
  if (place === null) return { yes: new Bits(), maybe: allOf(segment) };
  const found = await findInColumns(place, segment, slice);
  if (!place.body || place.value === null) return found;
  const body = await findInBody(patternOf(place.value), segment, slice);
  return { yes: found.yes.addAll(body.yes), maybe: found.maybe.addAll(body.maybe) };
}

function allOf({ size }: Segment): Bits {
  const all = new Bits(size);
  for (let doc = 0; doc < size; doc++) all.add(doc);
  return all;
}

// This section of the file searches the columns, which contain the short texts (addresses, subjects, header fields).

async function findInColumns(
  { columns, value, whole }: TermPlace,
  segment: Segment,
  slice: TimeSlice,
): Promise<Found> {
  const yes = new Bits(segment.size);
  const match = value === null ? EVERY_TEXT : columnMatch(patternOf(value), whole);
  if (match === null) return { yes, maybe: allOf(segment) };
  for (const column of columns) await segment.findInColumn(column, match, yes, slice);
  return { yes, maybe: new Bits() };
}

const EVERY_TEXT: ColumnMatch = { piece: '', how: 'starts', check: null, test: () => true };

/**
 * Returns the condition that a text of a column must meet in order to match a pattern. Returns `null` if the
 * pattern contains characters that the index does not store exactly, such as unpaired surrogates.
 */
function columnMatch(pattern: Pattern, whole: boolean): ColumnMatch | null {
  const { pieces } = pattern;
  if (!pieces.every(isIndexable)) return null;
  const test = whole ? pattern.whole : pattern.found;
  const piece = pieces.reduce((longest, each) => (each.length > longest.length ? each : longest), '');
  if (pieces.length > 1) return { piece, how: 'contains', check: test, test };
  return { piece, how: whole ? 'equals' : 'contains', check: null, test };
}

// This section of the file searches the bodies of the messages, which are indexed by their tokens.

async function findInBody(pattern: Pattern, segment: Segment, slice: TimeSlice): Promise<Found> {
  const pieces = pattern.pieces.filter((piece) => piece !== '');
  if (!pieces.every(isIndexable)) return { yes: new Bits(), maybe: allOf(segment) };
  const terms = pieces.map(termOf);
  if (terms.includes('cut')) return { yes: new Bits(), maybe: segment.partial.copy() };
  const exact = terms.filter((term) => typeof term !== 'string');
  const [only] = exact;
  if (exact.length < terms.length) return { yes: new Bits(), maybe: await superset(pieces, segment, slice) };
  if (only === undefined) return { yes: allOf(segment), maybe: new Bits() };
  if (exact.length > 1) return findInOrder(exact, segment, slice);
  return { yes: await segment.findInBody(only, slice), maybe: segment.partial.copy() };
}

/**
 * Returns the documents that contain all pieces of a pattern; spaces at the edges of the pieces are ignored.
 * The result contains every document that matches the pattern, and possibly others.
 */
async function superset(pieces: readonly string[], segment: Segment, slice: TimeSlice): Promise<Bits> {
  const all = allOf(segment);
  for (const piece of pieces) {
    const inner = piece.trim();
    const term = inner === '' ? 'open' : termOf(inner);
    if (typeof term === 'string') continue;
    all.keepAll((await segment.findInBody(term, slice)).addAll(segment.partial));
  }
  return all;
}

/** Returns the documents that contain all the terms in the given order, with any text between them. */
async function findInOrder(terms: readonly TokenTerm[], segment: Segment, slice: TimeSlice): Promise<Found> {
  const lists: Occurrences[] = [];
  for (const term of terms) {
    lists.push({ keys: await segment.occurrences(term, slice), length: lengthOf(term) });
    if (slice.over) await slice.rest();
  }
  // If two terms are found in the same token, they may overlap, and the index cannot decide this. Such a
  // document is only a possible match.
  const possible = inOrder(lists, 0, segment.size).addAll(segment.partial);
  return { yes: inOrder(lists, 1, segment.size), maybe: possible };
}

interface Occurrences {
  readonly keys: Float64Array;
  /** Number of tokens that the search term consists of. */
  readonly length: number;
}

/**
 * Returns the documents in which the terms occur in the given order, each at least `distance` tokens after
 * the last token of the previous term. Uses the earliest possible occurrence of each term, because this
 * leaves the most room for later terms.
 */
function inOrder(lists: readonly Occurrences[], distance: 0 | 1, size: number): Bits {
  const found = new Bits(size);
  const at = lists.map(() => 0);
  const first = lists[0];
  if (first === undefined) return found;
  let previous = -1;
  for (const key of first.keys) {
    const doc = Math.floor(key / DOCUMENT);
    if (doc === previous) continue;
    previous = doc;
    const end = (doc + 1) * DOCUMENT;
    if (follows(lists, at, { from: key + first.length - 1 + distance, end, distance })) found.add(doc);
  }
  return found;
}

/**
 * Returns whether all terms after the first one occur in the given order from the position `from` up to, but
 * not including, the position `end`.
 */
function follows(
  lists: readonly Occurrences[],
  at: number[],
  { from, end, distance }: { readonly from: number; readonly end: number; readonly distance: 0 | 1 },
): boolean {
  let earliest = from;
  for (const [list, { keys, length }] of lists.entries()) {
    if (list === 0) continue;
    let next = at[list] ?? 0;
    while (next < keys.length && (keys[next] ?? 0) < earliest) next++;
    at[list] = next;
    const key = keys[next];
    if (key === undefined || key >= end) return false;
    earliest = key + length - 1 + distance;
  }
  return true;
}
