/** Types for the content of a message that a search reads: header fields, text and file names. */

/** A header field of a message, as a search reads it. */
export interface SearchedField {
  /** Name of the header field, in lower case. */
  readonly name: string;
  /** Field value with its encoded words (RFC 2047) decoded. */
  readonly value: string;
  /** The decoded value, folded for comparison (see `fold`). */
  readonly folded: string;
}

/** The content of a message that a search reads: header fields, text and names of attachments. */
export interface Searchable {
  readonly headers: readonly SearchedField[];
  /** Text of the message, folded for comparison (see `fold`). */
  readonly text: string;
  /** File names of the attachments as decoded, without folding (see `fold`). */
  readonly filenames: readonly string[];
}
