/** The one matcher: REST search, waits, event filters, rules and IMAP SEARCH all ask it. */
import type { Query } from './ast.ts';
import type { Candidate } from './candidate.ts';
import { addressesOf, lookAt, lookAtAddress, lookAtHeaders, lookAtPeople } from './fields.ts';
import { patternOf } from './pattern.ts';

export type { Candidate } from './candidate.ts';

export function matches(query: Query, candidate: Candidate): boolean {
  const { summary } = candidate;
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return cheapFirst(query).every((term) => matches(term, candidate));
    case 'or':
      return cheapFirst(query).some((term) => matches(term, candidate));
    case 'not':
      return !matches(query.term, candidate);
    case 'words':
      return lookAt('words', candidate, patternOf(query.value).found);
    case 'address': {
      const { found, whole } = patternOf(query.value);
      const addresses = addressesOf(query.field, summary);
      if (isWholeAddress(query.value)) return addresses.some(({ address }) => lookAtAddress(address, whole));
      return lookAtPeople(addresses, found);
    }
    case 'text': {
      const { found, whole } = patternOf(query.value);
      return lookAt(query.field, candidate, query.field === 'tag' || query.field === 'id' ? whole : found);
    }
    case 'header':
      return lookAtHeaders(
        candidate,
        query.value === null ? () => true : patternOf(query.value).found,
        query.name,
      );
    case 'has':
      return query.what === 'html' ? summary.hasHtml : summary.attachments > 0;
    case 'is':
      return query.what === 'flagged' ? candidate.flagged : candidate.seen === (query.what === 'seen');
    case 'before':
      return summary.receivedAt < query.at;
    case 'after':
      return summary.receivedAt >= query.at;
    case 'larger':
      return summary.size > query.size;
    case 'smaller':
      return summary.size < query.size;
  }
}

/** `bob@x.test` and `*@x.test` are whole; `@x.test`, `bob@` and `bob` are parts. */
const isWholeAddress = (value: string): boolean => /[^]@[^]/.test(value);

const ordered = new WeakMap<Query, readonly Query[]>();

/** Terms in the order of what they cost: the answer is the same, and often known before a file is read. */
function cheapFirst(query: Query & { kind: 'and' | 'or' }): readonly Query[] {
  let terms = ordered.get(query);
  if (terms === undefined) {
    const costly = query.terms.filter(readsBytes);
    terms = [...query.terms.filter((term) => !costly.includes(term)), ...costly];
    ordered.set(query, terms);
  }
  return terms;
}

const READ_FIELDS = ['body', 'text', 'filename'];

function readsBytes(query: Query): boolean {
  if (query.kind === 'and' || query.kind === 'or') return query.terms.some(readsBytes);
  if (query.kind === 'not') return readsBytes(query.term);
  if (query.kind === 'text') return READ_FIELDS.includes(query.field);
  return query.kind === 'words' || query.kind === 'header';
}
