/** The query language's syntax tree: one type for REST search, waits, event filters, rules and IMAP SEARCH. */

/** Fields compared as text; a whole address where the value holds an `@`, a part of it otherwise. */
export type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'rcpt' | 'replyto' | 'user';

/** Fields compared as text: Unicode case-insensitive substring; `*` in the value is the only wildcard. */
export type TextField = 'subject' | 'body' | 'text' | 'filename' | 'tag' | 'id' | 'messageid';

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
