/**
 * The structure of a message: a tree of MIME parts with byte offsets into the raw message (RFC 2045, 2046), and the
 * defects that the parser found. See `parse.ts` for the parser.
 */

/** A fault in the bytes of a message, found by the parser. */
export interface Defect {
  /**
   * Id of the kind of fault in kebab-case, the same in all versions, e.g. `missing-boundary`,
   * `nested-too-deep`, `bare-lf`.
   */
  readonly code: string;
  /** Description of the fault for users, in one sentence. */
  readonly message: string;
  /** Byte offset in the raw message where the fault begins. */
  readonly offset: number;
}

/** A header field: its position in the message, its name and its value. */
export interface HeaderField {
  /** Name of the field as written in the message. */
  readonly name: string;
  /**
   * Unfolded value; encoded words are not decoded (RFC 2047). Raw bytes are decoded as UTF-8 if they are valid
   * UTF-8, else in the charset that the Content-Type of the same header declares.
   */
  readonly value: string;
  /** Byte offset of the field's first octet; `end` is the offset after the field's last line ending. */
  readonly start: number;
  readonly end: number;
}

/**
 * A node of the MIME tree. Offsets are byte offsets in the raw message; an offset whose name ends with `End`
 * is the offset after the last octet.
 */
export interface MimePart {
  /**
   * IMAP part number: `''` for the message itself, `1`, `1.2` and so on. The body of a message that is not a
   * multipart also has the number `1`.
   */
  readonly path: string;
  readonly headers: readonly HeaderField[];
  readonly headerStart: number;
  /** Byte offset of the body, which begins after the empty line. */
  readonly bodyStart: number;
  /** Byte offset of the end of the body. The line ending before the next boundary is not part of the body. */
  readonly bodyEnd: number;
  /** Number of lines of the body, as in BODYSTRUCTURE (RFC 9051 §7.5.2). */
  readonly lines: number;
  /**
   * Media type in lower case, e.g. `text` or `multipart`. Without a Content-Type, the defaults of RFC 2045 §5.2 and
   * RFC 2046 §5.1.5 apply.
   */
  readonly type: string;
  /** Media subtype in lower case, e.g. `plain`. */
  readonly subtype: string;
  /** Content-Type parameters with names in lower case; RFC 2231 continuations are joined and decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Charset that is used for a text part whose own charset label is missing or vague: the charset of another
   * part or of an encoded word of the message. `null` for other parts.
   */
  readonly fallbackCharset: string | null;
  /**
   * Content-Transfer-Encoding, in its canonical spelling if the encoding is known; `7bit` for a part without
   * this field.
   */
  readonly encoding: string;
  /** Content-Disposition in lower case; `null` for a part without this field. */
  readonly disposition: string | null;
  readonly dispositionParameters: Readonly<Record<string, string>>;
  /** Content-ID without angle brackets; `null` for a part without this field. */
  readonly contentId: string | null;
  readonly description: string | null;
  readonly language: readonly string[];
  readonly location: string | null;
  readonly md5: string | null;
  /**
   * Decoded file name from Content-Disposition or Content-Type; `null` for a part without a file name. It is
   * only for display and must not be used as a path.
   */
  readonly filename: string | null;
  /** Child parts of a multipart; empty for other parts. */
  readonly children: readonly MimePart[];
  /**
   * Files that are uuencoded in the text of this part, in the order of the text. They are parts in this tree,
   * although they are not parts in MIME and IMAP.
   */
  readonly files: readonly MimePart[];
  /** The nested message of a message/rfc822 or message/global part; `null` for other parts. */
  readonly message: MimePart | null;
}

export interface MessageStructure {
  readonly root: MimePart;
  readonly defects: readonly Defect[];
}
