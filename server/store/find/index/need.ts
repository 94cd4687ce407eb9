/**
 * Returns the columns that a message's signature must have to match a query. A match always has them, so no match is
 * excluded.
 */
import type { Query } from '../language/ast.ts';
import { patternOf } from '../language/pattern.ts';
import { columnsOf } from './trigrams.ts';

export type Need =
  | { readonly kind: 'columns'; readonly columns: readonly number[] }
  | { readonly kind: 'and' | 'or'; readonly needs: readonly Need[] };

/** Returns the requirements of a query; `null` when any message may match. */
export function needOf(query: Query): Need | null {
  if (query.kind === 'and') {
    const needs = query.terms.map(needOf).filter((need) => need !== null);
    return needs.length === 0 ? null : { kind: 'and', needs };
  }
  if (query.kind === 'or') {
    const needs = query.terms.map(needOf);
    const known = needs.filter((need) => need !== null);
    return known.length < needs.length ? null : { kind: 'or', needs: known };
  }
  if (query.kind === 'words' || query.kind === 'address') return needOfValue(query.value);
  // Tags change after a message was indexed.
  if (query.kind === 'text') return query.field === 'tag' ? null : needOfValue(query.value);
  if (query.kind === 'header') return query.value === null ? null : needOfValue(query.value);
  return null;
}

function needOfValue(value: string): Need | null {
  const columns = columnsOf(patternOf(value).pieces);
  return columns.length === 0 ? null : { kind: 'columns', columns };
}
