/** The content of one message that searches read. */

/** A header field of a message that searches read. */
export interface SearchedField {
  /** Field name in lower case. */
  readonly name: string;
  /** Field value with its encoded words (RFC 2047) decoded. */
  readonly value: string;
  /** The decoded value, folded for comparison (see `fold`). */
  readonly folded: string;
}

/** The header fields, the text and the file names of a message that searches read. */
export interface Searchable {
  readonly headers: readonly SearchedField[];
  /** Text of the message, folded for comparison (see `fold`). */
  readonly text: string;
  /** File names of the attachments, not folded. */
  readonly filenames: readonly string[];
}
