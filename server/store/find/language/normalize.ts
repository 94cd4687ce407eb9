/**
 * Normalizes queries, so that equivalent structures have one form: no `and` directly in an `and`, no `or`
 * directly in an `or`, no double negation, no group with one term, and `all` (which matches every message)
 * only as the whole query. The parser returns queries in this form, and the printer expects it.
 */
import type { Query } from './ast.ts';

/** The query that matches no message: no message has fewer than 0 octets. */
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
  // In an `and` group, terms that match every message have no effect (`idle`), and one term that matches no
  // message determines the result (`absorbing`). In an `or` group, the two roles are exchanged.
  const [idle, absorbing] = kind === 'and' ? [isAll, isNone] : [isNone, isAll];
  const settled = terms.find(absorbing);
  if (settled !== undefined) return settled;
  const rest = terms.filter((term) => !idle(term));
  if (rest.length > 1) return { kind, terms: rest };
  return rest[0] ?? (kind === 'and' ? { kind: 'all' } : NONE);
}

const isAll = (query: Query): boolean => query.kind === 'all';
