/**
 * Determines which texts of a message are indexed, and which of them each term of the query language
 * searches. Short texts (an address, a subject, the values of one header field) are stored as a whole in
 * columns; the text of the body is indexed by its tokens.
 *
 * The index must give the same results as the matcher, which reads the messages. Therefore `textsOf` and
 * `placeOf` must agree with its functions `someText` and `matches`.
 */
import type { MailAddress } from '../../../message/address.ts';
import type { MessageSummary } from '../../store.ts';
import type { AddressField, Query } from '../language/ast.ts';
import { foldedSpellings, PEOPLE } from '../language/fields.ts';
import { fold } from '../language/fold.ts';
import { isWholeAddress } from '../language/match.ts';
import type { Searchable } from '../language/searched.ts';
import { contains } from '../language/substring.ts';

/** The properties of a message that the query field `has:` tests: an HTML body, and attachments. */
export interface IndexedFacts {
  readonly hasHtml: boolean;
  readonly hasAttachments: boolean;
}

export interface IndexedDocument extends IndexedFacts {
  /**
   * The short texts of the message: pairs of a column name and a text folded for comparison. A pair may occur
   * several times.
   */
  readonly texts: readonly (readonly [column: string, text: string])[];
  /** The text of the message's body, folded for comparison (see `fold`). */
  readonly body: string;
}

/** Name of the column with the sender's address from the envelope. */
const SENDER = 'sender';
const HEADER = 'header.';

function* addressTexts(column: string, address: string): Generator<readonly [string, string]> {
  for (const spelling of foldedSpellings(address)) yield [column, spelling];
}

function* peopleTexts(column: string, people: readonly MailAddress[]): Generator<readonly [string, string]> {
  for (const { name, address } of people) {
    yield* addressTexts(`${column}.address`, address);
    if (name !== '') yield [`${column}.name`, fold(name)];
  }
}

function* textsOf(
  summary: MessageSummary,
  { headers, text, filenames }: Searchable,
): Generator<readonly [string, string]> {
  yield ['id', fold(summary.id)];
  yield ['subject', fold(summary.subject)];
  const preview = fold(summary.preview);
  // The preview is usually the beginning of the body text, which is indexed anyway. Only a preview that
  // differs from the body text is added to a column.
  if (!contains(text, preview)) yield ['preview', preview];
  for (const people of PEOPLE) yield* peopleTexts(people, summary[people]);
  yield* addressTexts(SENDER, summary.envelope.from);
  for (const address of summary.envelope.to) yield* addressTexts('rcpt', address);
  if (summary.user !== null) yield* addressTexts('user', summary.user);
  if (summary.messageId !== null) yield ['messageid', fold(summary.messageId)];
  for (const name of filenames) yield ['filename', fold(name)];
  for (const { name, folded } of headers) yield [HEADER + name, folded];
}

export const documentOf = (summary: MessageSummary, searchable: Searchable): IndexedDocument => ({
  // Unpaired surrogates in a text are replaced, because UTF-8 cannot encode them. Search terms that contain an unpaired
  // surrogate are left to the matcher, which reads the messages.
  texts: Array.from(textsOf(summary, searchable), ([column, text]) => [column, text.toWellFormed()] as const),
  body: searchable.text.toWellFormed(),
  hasHtml: summary.hasHtml,
  hasAttachments: summary.attachments > 0,
});

/** The parts of the index (columns, body) in which a term of a query is searched. */
export interface TermPlace {
  /**
   * Names of the columns (tables of short texts, such as subjects) in which the term is searched; `null` stands
   * for the columns of all header fields.
   */
  readonly columns: readonly (string | null)[];
  readonly body: boolean;
  /**
   * The value that is searched in the columns (the short texts) and the body; `null` if the term requires only that a
   * column contains some text.
   */
  readonly value: string | null;
  /** Whether the value must match a whole text of a column, not only a part of the text. */
  readonly whole: boolean;
}

const people = (column: string): readonly string[] => [`${column}.address`, `${column}.name`];

const ADDRESS_COLUMNS: Readonly<Record<AddressField, readonly string[]>> = {
  from: [...people('from'), SENDER],
  to: [...people('to'), 'rcpt'],
  cc: people('cc'),
  bcc: people('bcc'),
  replyto: people('replyTo'),
  rcpt: ['rcpt'],
  user: ['user'],
};

/**
 * Returns the parts of the index in which a term is searched; `null` for a term that the index cannot answer.
 */
export function placeOf(term: Query): TermPlace | null {
  if (term.kind === 'words') return part(['subject', 'preview', ...PEOPLE.flatMap(people)], term.value, true);
  if (term.kind === 'address') return placeOfAddress(term);
  if (term.kind === 'text') return placeOfText(term);
  if (term.kind !== 'header') return null;
  return { columns: [HEADER + term.name.toLowerCase()], body: false, value: term.value, whole: false };
}

function placeOfAddress({ field, value }: Query & { kind: 'address' }): TermPlace {
  const columns = ADDRESS_COLUMNS[field];
  if (!isWholeAddress(value)) return part(columns, value);
  return whole(
    columns.filter((column) => !column.endsWith('.name')),
    value,
  );
}

function placeOfText({ field, value }: Query & { kind: 'text' }): TermPlace | null {
  switch (field) {
    case 'body':
      return part([], value, true);
    case 'text':
      return part(['subject', null], value, true);
    case 'subject':
    case 'filename':
    case 'messageid':
      return part([field], value);
    case 'id':
      return whole([field], value);
    case 'tag':
      // The index does not contain tags, because they may change after the message was indexed.
      return null;
  }
}

const part = (columns: readonly (string | null)[], value: string, body = false): TermPlace => ({
  columns,
  body,
  value,
  whole: false,
});

const whole = (columns: readonly string[], value: string): TermPlace => ({
  columns,
  body: false,
  value,
  whole: true,
});

/** Returns whether a column contains the values of a header field, according to the name of the column. */
export const isHeaderColumn = (column: string): boolean => column.startsWith(HEADER);
