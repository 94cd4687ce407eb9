/** The content of one message, in the form that searches read. */

/** A header field of a message that searches read. */
export interface SearchedField {
  /** Name of the header field, in lower case. */
  readonly name: string;
  /** Field value with its encoded words (RFC 2047) decoded. */
  readonly value: string;
  /** The decoded value, folded for comparison (see `fold`). */
  readonly folded: string;
}

/**
 * The types of a message's content that searches read: its header fields, its text and the names of its
 * attachments.
 */
export interface Searchable {
  readonly headers: readonly SearchedField[];
  /** Text of the message, folded for comparison (see `fold`). */
  readonly text: string;
  /** File names of the attachments, not folded. */
  readonly filenames: readonly string[];
}
