/**
 * The one form of queries that mean the same by their shape: no `and` in an `and` nor `or` in an `or`, no double
 * negation, no group of one, no `all` but alone. The parser gives it and the printer prints it.
 */
import type { Query } from './ast.ts';

/** What no message matches: nothing is smaller than nothing. */
const NONE: Query = { kind: 'smaller', size: 0 };

export function normalize(query: Query): Query {
  if (query.kind === 'and' || query.kind === 'or') return normalizeGroup(query.kind, query.terms);
  if (query.kind !== 'not') return query;
  const term = normalize(query.term);
  if (term.kind === 'not') return term.term;
  if (term.kind === 'all') return NONE;
  return isNone(term) ? { kind: 'all' } : { kind: 'not', term };
}

const isNone = (query: Query): boolean => query.kind === 'smaller' && query.size === 0;

function normalizeGroup(kind: 'and' | 'or', parts: readonly Query[]): Query {
  const terms = parts.map(normalize).flatMap((term) => (term.kind === kind ? term.terms : [term]));
  // What adds nothing, and what settles all, in a group of this kind.
  const [idle, absorbing] = kind === 'and' ? [isAll, isNone] : [isNone, isAll];
  const settled = terms.find(absorbing);
  if (settled !== undefined) return settled;
  const rest = terms.filter((term) => !idle(term));
  if (rest.length > 1) return { kind, terms: rest };
  return rest[0] ?? (kind === 'and' ? { kind: 'all' } : NONE);
}

const isAll = (query: Query): boolean => query.kind === 'all';
