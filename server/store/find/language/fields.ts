/**
 * The texts of a message that belong to a field of the query language. The matcher searches these texts and the
 * search index is built from them, so the index never excludes a message that the matcher would find.
 */
import type { MailAddress } from '../../../message/address.ts';
import { addressSpellings } from '../../../message/canonical-address.ts';
import type { AddressField, TextField } from './ast.ts';
import type { Candidate, SearchedSummary } from './candidate.ts';
import { fold } from './fold.ts';

/** Examines a folded text; returns true to stop the search. */
export type Look = (folded: string) => boolean;

const bare = (address: string): MailAddress => ({ name: '', address });

export function addressesOf(field: AddressField, summary: SearchedSummary): readonly MailAddress[] {
  switch (field) {
    case 'from':
      return [...summary.from, bare(summary.envelope.from)];
    case 'replyto':
      return summary.replyTo;
    case 'rcpt':
      return summary.envelope.to.map(bare);
    case 'user':
      return summary.user === null ? [] : [bare(summary.user)];
    case 'to':
      // All recipients, including those that only the envelope names.
      return [...summary.to, ...summary.envelope.to.map(bare)];
    case 'cc':
      return summary.cc;
    case 'bcc':
      return summary.bcc;
  }
}

/** Examines an address as written and, if its domain is international, in its other spelling (RFC 5890). */
export const lookAtAddress = (address: string, look: Look): boolean =>
  look(fold(address)) ||
  (isInternational(address) && addressSpellings(address).some((each) => look(fold(each))));

const isInternational = (address: string): boolean => /xn--|[^!-~]/i.test(address);

export const lookAtPeople = (people: readonly MailAddress[], look: Look): boolean =>
  people.some(({ name, address }) => lookAtAddress(address, look) || (name !== '' && look(fold(name))));

/**
 * Examines the texts of a field; `words` are the texts for a word without a field, which include the names of
 * attachments. Texts in memory are examined first, and the summary is read only if it is needed.
 */
export function lookAt(field: TextField | 'words', candidate: Candidate, look: Look): boolean {
  switch (field) {
    case 'words':
      return (
        look(fold(candidate.summary.subject)) ||
        look(fold(candidate.summary.preview)) ||
        PEOPLE.some((people) => lookAtPeople(candidate.summary[people], look)) ||
        look(candidate.foldedText())
      );
    case 'subject':
      return look(fold(candidate.summary.subject));
    case 'body':
      return look(candidate.foldedText());
    case 'text':
      return (
        look(fold(candidate.summary.subject)) ||
        look(candidate.foldedText()) ||
        lookAtHeaders(candidate, look)
      );
    case 'filename':
      return candidate.filenames().some((name) => look(fold(name)));
    case 'tag':
      return candidate.summary.tags.some((tag) => look(fold(tag)));
    case 'id':
      return look(fold(candidate.summary.id));
    case 'messageid':
      return candidate.summary.messageId !== null && look(fold(candidate.summary.messageId));
  }
}

const PEOPLE = ['from', 'to', 'cc', 'bcc', 'replyTo'] as const;

/** Examines the decoded values of the header fields, or of the fields with the given name. */
export function lookAtHeaders(candidate: Candidate, look: Look, name?: string): boolean {
  const wanted = name?.toLowerCase();
  return candidate
    .headers()
    .some((header) => (wanted === undefined || header.name === wanted) && look(header.folded));
}

/**
 * Examines every text that a field can refer to and that never changes, which is all but the tags. A search index of
 * these texts finds at least all messages that the matcher finds.
 */
export function lookAtEverything(candidate: Candidate, look: Look): void {
  const { summary } = candidate;
  lookAt('words', candidate, look);
  lookAt('id', candidate, look);
  lookAt('messageid', candidate, look);
  lookAtHeaders(candidate, look);
  lookAtPeople([bare(summary.envelope.from), ...addressesOf('rcpt', summary)], look);
  lookAtPeople(addressesOf('user', summary), look);
}
