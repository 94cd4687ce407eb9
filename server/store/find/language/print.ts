/** Prints a query as text that `parseQuery` parses to the same tree. */
import { printValue, quoteValue } from '../../../../contract/text/query.ts';
import type { Query } from './ast.ts';
import { normalize } from './normalize.ts';

export const printQuery = (query: Query): string => print(normalize(query));

function print(query: Query): string {
  if ('terms' in query) {
    const { kind, terms } = query;
    return terms.map((term) => printInside(term, kind)).join(kind === 'and' ? ' ' : ' OR ');
  }
  if ('what' in query) return `${query.kind}:${query.what}`;
  if ('at' in query) return `${query.kind}:${new Date(query.at).toISOString()}`;
  if ('size' in query) return `${query.kind}:${query.size}`;
  if ('field' in query) return `${query.field}:${printValue(query.value)}`;
  switch (query.kind) {
    case 'all':
      return '';
    case 'not':
      return `-${printInside(query.term, 'not')}`;
    case 'words':
      return MEANS_MORE.test(query.value) ? quoteValue(query.value) : printValue(query.value);
    case 'header':
      return `header:${query.name}${query.value === null ? '' : `=${printValue(query.value)}`}`;
  }
}

/** Prints a term that is a part of another term, in parentheses if they are needed. */
function printInside(term: Query, outer: 'and' | 'or' | 'not'): string {
  const text = print(term);
  const loose = term.kind === 'or' || (term.kind === 'and' && outer !== 'or');
  return loose ? `(${text})` : text;
}

/** Matches words that the parser would read as a field, a negation or an operator. */
const MEANS_MORE = /^(?:[a-z*?][a-z*?_-]*:|-|(?:OR|AND|NOT)$)/i;
