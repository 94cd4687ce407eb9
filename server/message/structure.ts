/**
 * MIME structure with byte offsets (RFC 2045, 2046): raw bytes in, tree out. It never throws and copies no
 * bodies; whatever is wrong becomes a defect and the most useful reading is taken.
 */

/** Something wrong with the bytes of a message, found while reading it. */
export interface Defect {
  /** Stable kebab-case id, e.g. `missing-boundary`, `nested-too-deep`, `bare-lf`. */
  readonly code: string;
  /** One sentence for a person. */
  readonly message: string;
  /** Byte offset in the raw message where it begins. */
  readonly offset: number;
}

/** One header field: its place in the message and its value. */
export interface HeaderField {
  /** Field name as written. */
  readonly name: string;
  /** Unfolded value as written, bytes as UTF-8 where they are, else Latin-1; not RFC 2047-decoded. */
  readonly value: string;
  /** Byte offsets of the whole field, line ending included. */
  readonly start: number;
  readonly end: number;
}

/** A node of the MIME tree. Offsets are bytes in the raw message; `end`s are exclusive. */
export interface MimePart {
  /** IMAP part number: `''` for the message itself, `1`, `1.2`; a lone non-multipart body is also `1`. */
  readonly path: string;
  readonly headers: readonly HeaderField[];
  readonly headerStart: number;
  /** Start of the body: after the empty line. */
  readonly bodyStart: number;
  /** End of the body: before the line ending that belongs to the next boundary. */
  readonly bodyEnd: number;
  /** Line count of the body, as BODYSTRUCTURE wants it. */
  readonly lines: number;
  /** Lower case, e.g. `text`, `multipart`; defaults of RFC 2045 §5.2 applied. */
  readonly type: string;
  /** Lower case, e.g. `plain`. */
  readonly subtype: string;
  /** Content-Type parameters, names in lower case, RFC 2231 continuations joined and decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** For text whose own label says nothing: a charset that another part or an encoded word of the message names. */
  readonly fallbackCharset: string | null;
  /** Content-Transfer-Encoding in its canonical spelling where it is known; `7bit` when absent. */
  readonly encoding: string;
  /** Content-Disposition in lower case; `null` when absent. */
  readonly disposition: string | null;
  readonly dispositionParameters: Readonly<Record<string, string>>;
  /** Content-ID without angle brackets. */
  readonly contentId: string | null;
  readonly description: string | null;
  readonly language: readonly string[];
  readonly location: string | null;
  readonly md5: string | null;
  /** Decoded file name from disposition or type; `null` when none. For show only, never for a path. */
  readonly filename: string | null;
  /** Parts of a multipart. */
  readonly children: readonly MimePart[];
  /** Files that are uuencoded in the text, in order: parts of their own that MIME and IMAP do not know. */
  readonly files: readonly MimePart[];
  /** The message inside a message/rfc822 or message/global. */
  readonly message: MimePart | null;
}

export interface MessageStructure {
  readonly root: MimePart;
  readonly defects: readonly Defect[];
}
