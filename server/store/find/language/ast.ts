/**
 * The syntax tree of the query language. REST search, waits, event filters, rules and IMAP SEARCH all use it.
 * Values are as the user typed them, with `*` for any characters; a value is never blank.
 */

/**
 * Query fields that search addresses. A value with an `@` inside is a complete address; any other value is a
 * part of an address or of a name.
 */
export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt' | 'replyto' | 'user';

/**
 * Query fields that search text. A field matches if its text contains the value; for `tag` and `id`, if its
 * text equals the value. Text and value are compared after folding (see `fold`).
 */
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
  /** The empty query: matches every message. */
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Query[] }
  | { readonly kind: 'not'; readonly term: Query }
  /** A word or phrase without a field: searched in the visible headers, the text, and the names of attachments. */
  | { readonly kind: 'words'; readonly value: string }
  | { readonly kind: 'address'; readonly field: AddressField; readonly value: string }
  | { readonly kind: 'text'; readonly field: TextField; readonly value: string }
  /**
   * A term `header:NAME` (the message has this header field) or `header:NAME=value` (the decoded field value
   * contains the given value).
   */
  | { readonly kind: 'header'; readonly name: string; readonly value: string | null }
  | { readonly kind: 'has'; readonly what: 'attachment' | 'html' }
  | { readonly kind: 'is'; readonly what: 'seen' | 'unread' | 'flagged' }
  /**
   * Matches messages that were received before a point in time (`before`), or at or after it (`after`). The
   * point in time is in milliseconds since the epoch.
   */
  | { readonly kind: 'before' | 'after'; readonly at: number }
  /**
   * Matches messages that are larger, or smaller, than the given number of octets; a message of exactly this size
   * does not match.
   */
  | { readonly kind: 'larger' | 'smaller'; readonly size: number };

/** A syntax error in a query, with its position. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** Position of the error in the query text, in UTF-16 units; the first position is 0. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}
