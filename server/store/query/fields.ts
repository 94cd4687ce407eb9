/**
 * Which texts of a message a field means. The matcher looks through them and the search index is made of them, so
 * that what the one would find, the other never leaves out.
 */
import type { MailAddress } from '../../message/address.ts';
import { addressSpellings } from '../../message/canonical-address.ts';
import type { MessageSummary } from '../store.ts';
import type { AddressField, TextField } from './ast.ts';
import type { Candidate } from './candidate.ts';
import { fold } from './fold.ts';

/** Looks at a folded text; true ends the looking. */
export type Look = (folded: string) => boolean;

const bare = (address: string): MailAddress => ({ name: '', address });

export function addressesOf(field: AddressField, summary: MessageSummary): readonly MailAddress[] {
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
      // Whom it is for, as people mean it: also those that only the envelope names.
      return [...summary.to, ...summary.envelope.to.map(bare)];
    case 'cc':
      return summary.cc;
    case 'bcc':
      return summary.bcc;
  }
}

/** Looks at an address as written and, where its domain is international, in its other spellings (RFC 5890). */
export const lookAtAddress = (address: string, look: Look): boolean =>
  look(fold(address)) ||
  (isInternational(address) && addressSpellings(address).some((each) => look(fold(each))));

const isInternational = (address: string): boolean => /xn--|[^!-~]/i.test(address);

export const lookAtPeople = (people: readonly MailAddress[], look: Look): boolean =>
  people.some(({ name, address }) => lookAtAddress(address, look) || (name !== '' && look(fold(name))));

/**
 * The texts of a field; `words` are what a bare word looks through: file names are in the text. What is resident comes
 * first, and a summary that nobody asks for is not read.
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

/** Decoded values of the header fields; of one name where given. */
export function lookAtHeaders(candidate: Candidate, look: Look, name?: string): boolean {
  const wanted = name?.toLowerCase();
  return candidate
    .headers()
    .some((header) => (wanted === undefined || header.name === wanted) && look(header.folded));
}

/**
 * Every text that any field looks through and that never changes: all but the tags. A search index of them is a
 * superset of what the matcher finds.
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
