/** A query as text again: what `parseQuery` reads back as the same tree. */
import type { Query } from './ast.ts';
import { normalize } from './normalize.ts';

export const printQuery = (query: Query): string => print(normalize(query));

function print(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '';
    case 'and':
      return query.terms.map((term) => printInside(term, 'and')).join(' ');
    case 'or':
      return query.terms.map((term) => printInside(term, 'or')).join(' OR ');
    case 'not':
      return `-${printInside(query.term, 'not')}`;
    case 'words':
      return needsQuotes(query.value) || MEANS_MORE.test(query.value) ? quote(query.value) : query.value;
    case 'address':
    case 'text':
      return `${query.field}:${printValue(query.value)}`;
    case 'header':
      return `header:${query.name}${query.value === null ? '' : `=${printValue(query.value)}`}`;
    case 'has':
    case 'is':
      return `${query.kind}:${query.what}`;
    case 'before':
    case 'after':
      return `${query.kind}:${new Date(query.at).toISOString()}`;
    case 'larger':
    case 'smaller':
      return `${query.kind}:${query.size}`;
  }
}

/** A term inside another, in parentheses where it would be read otherwise without. */
function printInside(term: Query, outer: 'and' | 'or' | 'not'): string {
  const text = print(term);
  const loose = term.kind === 'or' || (term.kind === 'and' && outer !== 'or');
  return loose ? `(${text})` : text;
}

/** What a word would be read as otherwise: a field, a negation, an operator. */
const MEANS_MORE = /^(?:[a-z]+:|-|(?:OR|AND|NOT)$)/i;

const needsQuotes = (value: string): boolean => /[\s()"\\]/.test(value);
const quote = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
const printValue = (value: string): string => (needsQuotes(value) ? quote(value) : value);
