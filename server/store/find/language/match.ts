/**
 * The matcher: tests whether a message matches a query. REST search, waits, event filters, rules and near
 * misses all use it.
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Query } from './ast.ts';
import { factsOf, type Candidate, type SearchedFacts } from './candidate.ts';
import { addressesOf, someText, someSpelling, someHeader, somePerson, type TextTest } from './fields.ts';
import { patternOf, type Pattern } from './pattern.ts';
import type { Finder } from './substring.ts';

export type { Candidate } from './candidate.ts';

export function matches(query: Query, candidate: Candidate): boolean {
  if (isTerm(query)) return matchesTerm(query, candidate, ({ found }) => found);
  switch (query.kind) {
    case 'and':
      return cheapFirst(query).every((term) => matches(term, candidate));
    case 'or':
      return cheapFirst(query).some((term) => matches(term, candidate));
    case 'not':
      return !matches(query.term, candidate);
  }
}

/**
 * Maximum number of characters that are searched for one term without a pause. A longer search checks the
 * time slice after each part of this length.
 */
const AT_ONCE = 1 << 16;
/** Size in octets from which reading a message takes too long for one turn of the event loop. */
export const LARGE = 1 << 16;
/**
 * Limit for the size of a message in octets multiplied by the number of query terms. Above it, matching may
 * take too long for one turn of the event loop.
 */
const HEAVY = 1 << 18;

/**
 * Returns whether matching a message of `size` octets may take so long that the caller must use
 * `matchesInSlices`.
 */
export const isHeavy = (query: Query, size: number): boolean =>
  size * countTerms(query) > HEAVY || (size >= LARGE && readsBytes(query));

/**
 * Returns the same result as `matches`, but works in time slices, so that even long texts and queries do not
 * block the event loop.
 */
export async function matchesInSlices(
  query: Query,
  candidate: Candidate,
  slice: TimeSlice,
): Promise<boolean> {
  if (isTerm(query)) return termInSlices(query, candidate, slice);
  switch (query.kind) {
    case 'and':
    case 'or': {
      const settling = query.kind === 'or';
      for (const term of cheapFirst(query)) {
        if ((await matchesInSlices(term, candidate, slice)) === settling) return settling;
      }
      return !settling;
    }
    case 'not':
      return !(await matchesInSlices(query.term, candidate, slice));
  }
}

async function termInSlices(query: Term, candidate: Candidate, slice: TimeSlice): Promise<boolean> {
  if (slice.over) await slice.rest();
  const later: Finder[] = [];
  let searched = 0;
  const found = matchesTerm(query, candidate, (pattern) => (text) => {
    searched += text.length + 1;
    if (searched <= AT_ONCE) return pattern.found(text);
    later.push(pattern.finder(text));
    return false;
  });
  if (found) return true;
  for (const finder of later) if (await finish(finder, slice)) return true;
  return false;
}

async function finish(finder: Finder, slice: TimeSlice): Promise<boolean> {
  for (;;) {
    if (slice.over) await slice.rest();
    const found = finder.step(AT_ONCE);
    if (found !== undefined) return found;
  }
}

type Term = Exclude<Query, { kind: 'and' | 'or' | 'not' }>;

const isTerm = (query: Query): query is Term =>
  query.kind !== 'and' && query.kind !== 'or' && query.kind !== 'not';

/**
 * Returns whether a message matches a term.
 * @param within function that converts a pattern to a test for texts
 */
function matchesTerm(query: Term, candidate: Candidate, within: MatchWithin): boolean {
  return candidate.known?.(query) ?? matchesContent(query, candidate, within);
}

/**
 * Returns whether a message matches a term. Always compares the message itself, without the answers of the
 * search index.
 */
function matchesContent(query: Term, candidate: Candidate, within: MatchWithin): boolean {
  if (isFactTerm(query)) return matchesFacts(query, factsOf(candidate));
  switch (query.kind) {
    case 'all':
      return true;
    case 'words':
      return someText('words', candidate, within(patternOf(query.value)));
    case 'address':
      return matchesAddress(query, candidate, within);
    case 'text':
      return matchesText(query, candidate, within);
    case 'header':
      return someHeader(
        candidate,
        query.value === null ? () => true : within(patternOf(query.value)),
        query.name,
      );
    case 'has':
      return query.what === 'html' ? candidate.summary.hasHtml : candidate.summary.attachments > 0;
    case 'is':
      return query.what === 'flagged' ? candidate.flagged : candidate.seen === (query.what === 'seen');
  }
}

/** A query term that tests the time of receipt or the size of a message. */
type FactTerm = Extract<Query, { kind: 'before' | 'after' | 'larger' | 'smaller' }>;

const FACT_KINDS = ['before', 'after', 'larger', 'smaller'];

const isFactTerm = (query: Term): query is FactTerm => FACT_KINDS.includes(query.kind);

function matchesFacts(query: FactTerm, { receivedAt, size }: SearchedFacts): boolean {
  switch (query.kind) {
    case 'before':
      return receivedAt < query.at;
    case 'after':
      return receivedAt >= query.at;
    case 'larger':
      return size > query.size;
    case 'smaller':
      return size < query.size;
  }
}

type MatchWithin = (pattern: Pattern) => TextTest;

function matchesAddress(
  { field, value }: Query & { kind: 'address' },
  { summary }: Candidate,
  within: MatchWithin,
): boolean {
  const pattern = patternOf(value);
  const addresses = addressesOf(field, summary);
  return isWholeAddress(value)
    ? addresses.some(({ address }) => someSpelling(address, pattern.whole))
    : somePerson(addresses, within(pattern));
}

function matchesText(
  { field, value }: Query & { kind: 'text' },
  candidate: Candidate,
  within: MatchWithin,
): boolean {
  const pattern = patternOf(value);
  const isWhole = field === 'tag' || field === 'id';
  return someText(field, candidate, isWhole ? pattern.whole : within(pattern));
}

/**
 * Returns whether a value is a complete address, such as `bob@x.test` or `*@x.test`, and not a part of an
 * address, such as `@x.test`, `bob@` or `bob`.
 */
export const isWholeAddress = (value: string): boolean => /[^]@[^]/.test(value);

const counted = new WeakMap<Query, number>();

function countTerms(query: Query): number {
  if (isTerm(query)) return 1;
  if (query.kind === 'not') return countTerms(query.term);
  let count = counted.get(query);
  if (count === undefined) {
    count = query.terms.reduce((sum, term) => sum + countTerms(term), 0);
    counted.set(query, count);
  }
  return count;
}

const ordered = new WeakMap<Query, readonly Query[]>();

/**
 * Returns the terms of an `and` or `or` group; those that can be tested without reading the message's file
 * are first, because they often determine the result. The order does not change the result.
 */
function cheapFirst(query: Query & { kind: 'and' | 'or' }): readonly Query[] {
  let terms = ordered.get(query);
  if (terms === undefined) {
    terms = [...query.terms.filter((term) => !readsBytes(term)), ...query.terms.filter(readsBytes)];
    ordered.set(query, terms);
  }
  return terms;
}

const READ_FIELDS = ['body', 'text', 'filename'];

/**
 * Returns whether matching a query may require reading the raw file of a message, because its summary is not
 * sufficient.
 */
export function readsBytes(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.terms.some(readsBytes);
  if (query.kind === 'not') return readsBytes(query.term);
  if (query.kind === 'text') return READ_FIELDS.includes(query.field);
  return query.kind === 'words' || query.kind === 'header';
}
