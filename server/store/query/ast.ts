/**
 * The query language's syntax tree: one type for REST search, waits, event filters, rules and IMAP SEARCH. Values
 * are as typed: their stars stand for anything, and they are never blank.
 */

/** Fields of addresses; a value with an `@` inside is a whole address, any other a part of an address or a name. */
export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt' | 'replyto' | 'user';

/** Fields of text: part of it, as `fold` compares; `tag` and `id` as a whole. */
export type TextField = 'subject' | 'body' | 'text' | 'filename' | 'tag' | 'id' | 'messageid';

export const ADDRESS_FIELDS: readonly AddressField[] = ['from', 'to', 'cc', 'bcc', 'rcpt', 'replyto', 'user'];
export const TEXT_FIELDS: readonly TextField[] = [
  'subject',
  'body',
  'text',
  'filename',
  'tag',
  'id',
  'messageid',
];

export type Query =
  /** Matches everything: the empty query. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Query[] }
  | { readonly kind: 'not'; readonly term: Query }
  /** A bare word or phrase: anywhere in the headers people read, the text, or an attachment's name. */
  | { readonly kind: 'words'; readonly value: string }
  | { readonly kind: 'address'; readonly field: AddressField; readonly value: string }
  | { readonly kind: 'text'; readonly field: TextField; readonly value: string }
  /** `header:NAME` (present) or `header:NAME=value` (decoded value holds it). */
  | { readonly kind: 'header'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'has'; readonly what: 'attachment' | 'html' }
  | { readonly kind: 'is'; readonly what: 'seen' | 'unread' | 'flagged' }
  /** Received before or at/after an instant, milliseconds since the epoch. */
  | { readonly kind: 'before' | 'after'; readonly at: number }
  /** Strictly larger or smaller, octets. */
  | { readonly kind: 'larger' | 'smaller'; readonly size: number };

/** What could not be parsed, and where. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** Offset in the query text, UTF-16 units from 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}
