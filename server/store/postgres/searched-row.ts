/** Makes the row of the table `search` for a message (see `query.ts` for its columns). */
import type { MailAddress } from '../../message/address.ts';
import { addressesOf, foldedSpellings, PEOPLE } from '../find/language/fields.ts';
import type { AddressField } from '../find/language/ast.ts';
import type { Searchable } from '../find/language/searched.ts';
import type { MessageSummary } from '../store.ts';
import { foldedText, lines } from './query.ts';
import { headerKey, safeFolded } from './text.ts';

export interface SearchedRow {
  readonly message: string;
  readonly subject: string;
  /**
   * The preview, and the names and addresses of all people. A search term without a field is searched in this
   * text in addition to the other texts.
   */
  readonly brief: string;
  readonly body: string;
  readonly headers: string;
  readonly filenames: string;
  readonly message_id: string | null;
  readonly people_from: string;
  readonly people_to: string;
  readonly people_cc: string;
  readonly people_bcc: string;
  readonly people_rcpt: string;
  readonly people_replyto: string;
  readonly people_user: string;
}

/**
 * Returns the lines of a column with names and addresses of people: a line with an address begins with a tab, a
 * line with a name does not.
 */
function* peopleLines(people: Iterable<MailAddress>): Generator<string> {
  for (const { name, address } of people) {
    for (const spelling of foldedSpellings(address)) yield `\t${safeFolded(spelling)}`;
    if (name !== '') yield foldedText(name);
  }
}

export function searchedRow(summary: MessageSummary, { text, headers, filenames }: Searchable): SearchedRow {
  const people = (field: AddressField): string => lines(peopleLines(addressesOf(field, summary)));
  const everyone = PEOPLE.flatMap((field) => summary[field]);
  return {
    message: summary.id,
    subject: foldedText(summary.subject),
    brief: lines([foldedText(summary.preview), ...peopleLines(everyone)]),
    body: safeFolded(text),
    headers: lines(headers.map(({ name, folded }) => `${headerKey(name)}\t${safeFolded(folded)}`)),
    filenames: lines(filenames.map(foldedText)),
    message_id: summary.messageId === null ? null : foldedText(summary.messageId),
    people_from: people('from'),
    people_to: people('to'),
    people_cc: people('cc'),
    people_bcc: people('bcc'),
    people_rcpt: people('rcpt'),
    people_replyto: people('replyto'),
    people_user: people('user'),
  };
}
