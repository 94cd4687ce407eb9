/**
 * Near misses: explains why a message does not match a query. Lists the terms that the message does not
 * match, each with the value that the message has instead (e.g. its subject).
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { AddressField, Query } from './ast.ts';
import type { Candidate } from './candidate.ts';
import { addressesOf } from './fields.ts';
import { matchesInSlices } from './match.ts';
import { printQuery } from './print.ts';

/**
 * A term of a query that a message does not match. An API call that waits for a message in vain reports these
 * terms.
 */
export interface Mismatch {
  /** The term, printed in the query language. */
  readonly term: string;
  /**
   * The value that the message has in the field that the term tests (e.g. its subject), shortened to a
   * maximum length.
   */
  readonly found: string;
}

/**
 * Maximum number of characters that are shown of the value that a message has in place of the wanted value (e.g. of its
 * subject).
 */
const SHOWN = 120;

/**
 * Returns the terms of a query that the message does not match; an empty array if the message matches the
 * query. Works in time slices, because the texts and the query may be long.
 */
export async function mismatches(query: Query, candidate: Candidate, slice: TimeSlice): Promise<Mismatch[]> {
  if (query.kind === 'and') {
    const failed: Mismatch[] = [];
    for (const term of query.terms) failed.push(...(await mismatches(term, candidate, slice)));
    return failed;
  }
  if (await matchesInSlices(query, candidate, slice)) return [];
  const found = actualValue(query, candidate);
  return [{ term: printQuery(query), found: found.length > SHOWN ? `${found.slice(0, SHOWN)}…` : found }];
}

type Summary = Candidate['summary'];

/** Returns the value that the message has in the field that a term tests, e.g. the subject of the message. */
function actualValue(query: Query, candidate: Candidate): string {
  const { summary } = candidate;
  switch (query.kind) {
    case 'address':
      return actualAddresses(query.field, summary);
    case 'text':
      return actualText(query.field, candidate);
    case 'words':
      return actualWords(summary);
    case 'header':
      return actualHeaders(query.name, candidate);
    case 'has':
      return actualParts(query.what, summary);
    case 'is':
      return actualFlags(candidate);
    case 'before':
    case 'after':
      return new Date(summary.receivedAt).toISOString();
    case 'larger':
    case 'smaller':
      return `${summary.size}`;
    case 'not':
      return actualValue(query.term, candidate);
    case 'and':
    case 'or':
      return [...new Set(query.terms.map((term) => actualValue(term, candidate)))].join(' | ');
    case 'all':
      return '';
  }
}

function actualAddresses(field: AddressField, summary: Summary): string {
  const addresses = addressesOf(field, summary).map(({ address }) => address);
  return [...new Set(addresses)].filter((address) => address !== '').join(', ');
}

function actualHeaders(name: string, candidate: Candidate): string {
  const wanted = name.toLowerCase();
  const fields = candidate.headers().filter((field) => field.name === wanted);
  return fields.map(({ value }) => value.trim()).join(', ');
}

const actualWords = ({ subject, preview }: Summary): string =>
  [subject, preview].filter((text) => text !== '').join(' · ');

function actualParts(what: 'attachment' | 'html', { attachments, hasHtml }: Summary): string {
  if (what === 'html') return hasHtml ? 'HTML' : 'no HTML';
  if (attachments === 0) return 'no attachment';
  return `${attachments} ${attachments === 1 ? 'attachment' : 'attachments'}`;
}

const actualFlags = ({ seen, flagged }: Candidate): string =>
  `${seen ? 'seen' : 'unread'}${flagged ? ', flagged' : ''}`;

function actualText(field: (Query & { kind: 'text' })['field'], candidate: Candidate): string {
  const { summary } = candidate;
  switch (field) {
    case 'tag':
      return summary.tags.join(', ');
    case 'id':
      return summary.id;
    case 'messageid':
      return summary.messageId ?? '';
    case 'filename':
      return candidate.filenames().join(', ');
    case 'subject':
      return summary.subject;
    case 'body':
    case 'text':
      return summary.preview;
  }
}
