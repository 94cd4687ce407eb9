/**
 * Determines the texts of a message that each field of the query language searches. The matcher and the
 * search index both use this selection, so the index never excludes a message that the matcher would find.
 */
import type { MailAddress } from '../../../message/address.ts';
import { addressSpellings } from '../../../message/canonical-address.ts';
import type { AddressField, TextField } from './ast.ts';
import { factsOf, type Candidate, type SearchedSummary } from './candidate.ts';
import { fold } from './fold.ts';

/**
 * A test for one text of a message; the text is folded for comparison (see `fold`). The search ends when the
 * test returns true for a text.
 */
export type TextTest = (folded: string) => boolean;

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
      // The `to` field covers all recipients, including those that only the envelope contains.
      return [...summary.to, ...summary.envelope.to.map(bare)];
    case 'cc':
      return summary.cc;
    case 'bcc':
      return summary.bcc;
  }
}

/**
 * Returns whether the test accepts an address, either as written or, for an internationalized domain, in its
 * other spelling (U-labels or A-labels, RFC 5890).
 */
export function someSpelling(address: string, test: TextTest): boolean {
  for (const spelling of foldedSpellings(address)) if (test(spelling)) return true;
  return false;
}

/**
 * Iterates over the spellings of an address that a search compares with its value, folded for comparison (see
 * `fold`): first the address as written, then the other spellings.
 */
export function* foldedSpellings(address: string): Generator<string, void, void> {
  yield fold(address);
  if (isInternational(address)) for (const spelling of addressSpellings(address)) yield fold(spelling);
}

const isInternational = (address: string): boolean => /xn--|[^!-~]/i.test(address);

/** Returns whether the test accepts the name or the address of one of the `people`. */
export const somePerson = (people: readonly MailAddress[], test: TextTest): boolean =>
  people.some(({ name, address }) => someSpelling(address, test) || (name !== '' && test(fold(name))));

/**
 * Returns whether the test accepts one of the texts of a query field. The field `words` stands for the texts
 * in which a word without a field is searched; these include the names of attachments. Short texts are tested
 * first, so that a long text is read only if no short text matches.
 */
export function someText(field: TextField | 'words', candidate: Candidate, test: TextTest): boolean {
  switch (field) {
    case 'words':
      return (
        test(fold(candidate.summary.subject)) ||
        test(fold(candidate.summary.preview)) ||
        PEOPLE.some((people) => somePerson(candidate.summary[people], test)) ||
        test(candidate.foldedText())
      );
    case 'subject':
      return test(fold(candidate.summary.subject));
    case 'body':
      return test(candidate.foldedText());
    case 'text':
      return (
        test(fold(candidate.summary.subject)) || test(candidate.foldedText()) || someHeader(candidate, test)
      );
    case 'filename':
      return candidate.filenames().some((name) => test(fold(name)));
    case 'tag':
      return factsOf(candidate).tags.some((tag) => test(fold(tag)));
    case 'id':
      return test(fold(candidate.summary.id));
    case 'messageid':
      return candidate.summary.messageId !== null && test(fold(candidate.summary.messageId));
  }
}

export const PEOPLE = ['from', 'to', 'cc', 'bcc', 'replyTo'] as const;

/**
 * Returns whether the test accepts the decoded value of a header field. If `name` is given, only fields with
 * this name are tested.
 */
export function someHeader(candidate: Candidate, test: TextTest, name?: string): boolean {
  const wanted = name?.toLowerCase();
  return candidate
    .headers()
    .some((header) => (wanted === undefined || header.name === wanted) && test(header.folded));
}
