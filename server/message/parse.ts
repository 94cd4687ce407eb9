/**
 * Parses the bytes of a raw message into a tree of MIME parts with byte offsets (RFC 2045, 2046, 6532). The
 * parser never throws: it reports each fault as a defect and continues with the interpretation that shows the
 * user most of the message.
 *
 * Invariants:
 * - The parser makes one forward pass over the bytes with an explicit stack. It uses no recursion, copies no
 *   body and creates no string per line, so its work is linear in the size of the message.
 * - A part is within its parent's body, and siblings do not overlap.
 * - The line ending before a boundary belongs to the boundary (RFC 2046 §5.1.1).
 */
import { isNamedCharset, isSameCharset } from './charset/index.ts';
import { firstCharset } from './encoded-word.ts';
import { readHeader, type HeaderListener } from './header.ts';
import { asPlainText, describePart, type PartDraft } from './part-fields.ts';
import type { Defect, MessageStructure } from './structure.ts';
import { filesIn } from './uu-files.ts';

/**
 * Maximum depth of nested parts that are parsed; the content of deeper parts is not parsed. Real mail has fewer
 * than ten levels.
 */
export const MAX_DEPTH = 100;
/**
 * Maximum number of parts that are parsed; further parts are treated as the epilogue of the last multipart. A
 * digest of a busy mailing list has hundreds of parts.
 */
export const MAX_PARTS = 10_000;
/** Maximum number of defects that are reported for one message. */
const MAX_DEFECTS = 100;

const LF = 10;
const CR = 13;
const DELIMITER_START = Buffer.from('\n--');
/** Transfer encodings that do not change the bytes. */
const IDENTITY = new Set(['7bit', '8bit', 'binary']);

/** A MIME part whose end the parser has not found yet. */
interface OpenPart {
  readonly part: PartDraft;
  /**
   * The boundary between the children of this multipart, decoded as Latin-1; `null` for other parts, and for
   * a multipart whose closing boundary was read.
   */
  boundary: string | null;
  /**
   * Index (in the stack of open parts) of an outer multipart that uses the same boundary; `undefined` if
   * there is none.
   */
  hides: number | undefined;
}

/** A line that separates or ends the parts of a multipart that is still open. */
interface Delimiter {
  /** Index (in the stack of open parts) of the multipart to which the delimiter belongs. */
  readonly owner: number;
  readonly closing: boolean;
  readonly lineStart: number;
  /** Byte offset after the line ending of the delimiter. */
  readonly lineEnd: number;
}

class StructureReader implements HeaderListener {
  readonly #raw: Buffer;
  readonly #defects: Defect[] = [];
  readonly #open: OpenPart[] = [];
  /**
   * Maps each boundary that the parser is searching for to the innermost open multipart with this boundary:
   * its index in the stack of open parts.
   */
  readonly #boundaries = new Map<string, number>();
  /**
   * For each byte value, the number of boundaries that begin with this byte and are searched for. With this
   * table, most lines that begin with `--` are quickly recognized as text.
   */
  readonly #firstBytes = new Uint8Array(256);
  /**
   * The first charset other than UTF-8 that a text part declares. UTF-8 is not recorded, because it is detected
   * without a label.
   */
  #declaredCharset: string | null = null;
  readonly #unlabelled: PartDraft[] = [];
  readonly #texts: PartDraft[] = [];
  #parts = 0;
  #countedTo = 0;
  #feeds = 0;

  constructor(raw: Buffer) {
    this.#raw = raw;
  }

  read(): MessageStructure {
    const { root, bodyStart } = this.#begin('', 0, this.#messageStart(), 'text/plain', null);
    for (let at = bodyStart; this.#boundaries.size > 0;) {
      const delimiter = this.#nextDelimiter(at);
      if (delimiter === null) break;
      this.#closeAbove(delimiter.owner, this.#bodyEnd(delimiter.lineStart));
      at = delimiter.lineEnd;
      if (delimiter.closing) {
        this.#deactivate(delimiter.owner);
      } else if (this.#parts < MAX_PARTS) {
        at = this.#beginChild(delimiter);
      } else {
        this.defect('too-many-parts', `Only the first ${MAX_PARTS} parts are read.`, delimiter.lineStart);
        break;
      }
    }
    this.#closeAbove(-1, this.#raw.length);
    this.#noteBytes();
    this.#setFallbackCharset(root);
    for (const part of this.#texts) part.files = filesIn(this.#raw, part);
    return { root, defects: this.#defects };
  }

  /**
   * Sets the fallback charset of each text part whose charset label is missing or vague: the charset of
   * another text part, or else of an encoded word in the header.
   */
  #setFallbackCharset(root: PartDraft): void {
    if (this.#unlabelled.length === 0) return;
    const label = this.#declaredCharset ?? wordCharset(root);
    for (const part of this.#unlabelled) part.fallbackCharset = label;
  }

  /** Remembers a text part, and its charset label as a possible fallback for text parts without a label. */
  #noteText(part: PartDraft): void {
    this.#texts.push(part);
    const label = part.parameters['charset'] ?? '';
    if (!isNamedCharset(label)) this.#unlabelled.push(part);
    else if (!isSameCharset(label, 'utf-8')) this.#declaredCharset ??= label;
  }

  defect(code: string, message: string, offset: number): void {
    if (this.#defects.length < MAX_DEFECTS) this.#defects.push({ code, message, offset });
  }

  isBoundary(lineStart: number): boolean {
    return this.#boundaries.size > 0 && this.#delimiterAt(lineStart) !== null;
  }

  /** Returns the offset where the header fields begin: after a byte order mark or an mbox `From ` line. */
  #messageStart(): number {
    const raw = this.#raw;
    let start = 0;
    if (raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf) {
      this.defect('byte-order-mark', 'The message begins with a byte order mark.', 0);
      start = 3;
    }
    // A line such as `From : …`, with blanks before the colon, is a header field in obsolete syntax, not an mbox
    // `From ` line.
    if (!/^>?From +[^ :]/.test(raw.toString('latin1', start, start + 80))) return start;
    this.defect('mbox-from-line', 'The message begins with an mbox separator line.', start);
    const feed = raw.indexOf(LF, start);
    return feed === -1 ? raw.length : feed + 1;
  }

  /**
   * Opens the part that begins at `headerStart`. If the part is a message, also opens the part that the message
   * contains directly.
   */
  #begin(
    path: string,
    headerStart: number,
    fieldsStart: number,
    defaultType: string,
    parent: PartDraft | null,
  ): { root: PartDraft; bodyStart: number } {
    const root = this.#describe(path, headerStart, fieldsStart, defaultType);
    parent?.children.push(root);
    let part = root;
    // Part number of the nested message: the IMAP number of the part that contains it. The parts of the
    // nested message are numbered below this number (RFC 9051 §6.4.5).
    let number = path === '' ? '1' : path;
    while (this.#isTransparentMessage(part)) {
      const message = this.#describe(number, part.bodyStart, part.bodyStart, 'text/plain');
      part.message = message;
      part = message;
      number = `${number}.1`;
    }
    return { root, bodyStart: part.bodyStart };
  }

  #beginChild(delimiter: Delimiter): number {
    const parent = this.#open[delimiter.owner]?.part;
    if (parent === undefined) return delimiter.lineEnd;
    const number = String(parent.children.length + 1);
    const path = parent.path === '' ? number : `${parent.path}.${number}`;
    const defaultType = parent.subtype === 'digest' ? 'message/rfc822' : 'text/plain';
    return this.#begin(path, delimiter.lineEnd, delimiter.lineEnd, defaultType, parent).bodyStart;
  }

  /** Reads the header of one part and pushes the part onto the stack. */
  #describe(path: string, headerStart: number, fieldsStart: number, defaultType: string): PartDraft {
    const header = readHeader(this.#raw, fieldsStart, this.#raw.length, this);
    const part = describePart(path, headerStart, header, defaultType, this);
    this.#parts++;
    // The number of lines of a body is the number of line feeds before its end, less the number before its
    // start. The second number is subtracted here; the first is added when the part is closed.
    part.lines = -this.#feedsBefore(part.bodyStart);
    this.#open.push({ part, boundary: null, hides: undefined });
    if (part.type === 'multipart') this.#activate(part);
    else if (part.type === 'text') this.#noteText(part);
    return part;
  }

  /** Returns whether the body of a part is a message whose structure can be read without decoding. */
  #isTransparentMessage(part: PartDraft): boolean {
    if (part.type !== 'message' || (part.subtype !== 'rfc822' && part.subtype !== 'global')) return false;
    if (IDENTITY.has(part.encoding)) return this.#mayNest(part);
    // A message/global part may be encoded (RFC 6532 §3.7). The structure of an encoded message is not parsed.
    if (part.subtype === 'rfc822')
      this.defect('encoded-message', 'A message/rfc822 part must not be encoded.', part.headerStart);
    return false;
  }

  #mayNest(part: PartDraft): boolean {
    if (this.#open.length < MAX_DEPTH && this.#parts < MAX_PARTS) return true;
    if (this.#open.length >= MAX_DEPTH)
      this.defect('nested-too-deep', `Only ${MAX_DEPTH} levels of parts are read.`, part.headerStart);
    part.type = 'application';
    part.subtype = 'octet-stream';
    return false;
  }

  /** Starts searching for the boundary of the multipart that was opened last. */
  #activate(part: PartDraft): void {
    const at = part.headerStart;
    if (!IDENTITY.has(part.encoding))
      this.defect('encoded-multipart', 'A multipart must not be encoded; it is read without decoding.', at);
    const boundary = Buffer.from(part.parameters['boundary'] ?? '')
      .toString('latin1')
      .trimEnd();
    const index = this.#open.length - 1;
    const open = this.#open[index];
    if (boundary === '') {
      this.defect('missing-boundary', 'A multipart has no boundary parameter; it is read as plain text.', at);
      asPlainText(part);
    } else if (open !== undefined && this.#mayNest(part)) {
      open.boundary = boundary;
      open.hides = this.#boundaries.get(boundary);
      this.#boundaries.set(boundary, index);
      this.#countFirstByte(boundary, 1);
    }
  }

  #countFirstByte(boundary: string, change: 1 | -1): void {
    const byte = boundary.charCodeAt(0);
    this.#firstBytes[byte] = (this.#firstBytes[byte] ?? 0) + change;
  }

  /** Stops searching for the boundary of the multipart at the index `index` of the stack of open parts. */
  #deactivate(index: number): void {
    const open = this.#open[index];
    if (open === undefined || open.boundary === null) return;
    if (open.hides === undefined) this.#boundaries.delete(open.boundary);
    else this.#boundaries.set(open.boundary, open.hides);
    this.#countFirstByte(open.boundary, -1);
    open.boundary = null;
  }

  /**
   * Closes all parts above the index `owner` of the stack of open parts, and sets the end of their bodies to
   * `end`.
   */
  #closeAbove(owner: number, end: number): void {
    // If an empty body is directly before a boundary, the line ending that belongs to the boundary is the
    // empty line after the header. `end` is then less than the start of the body and is corrected.
    const bodyEnd = Math.max(end, this.#open.at(-1)?.part.bodyStart ?? 0);
    for (let index = this.#open.length - 1; index > owner; index--) {
      const open = this.#open[index];
      if (open === undefined) continue;
      if (open.boundary !== null) {
        this.#deactivate(index);
        this.#noteUnclosed(open.part, bodyEnd);
      } else if (open.part.type === 'multipart' && open.part.children.length === 0) {
        this.defect(
          'empty-multipart',
          'A multipart has no parts; it is read as plain text.',
          open.part.bodyStart,
        );
        asPlainText(open.part);
      }
      open.part.bodyEnd = bodyEnd;
      open.part.lines += this.#feedsBefore(bodyEnd);
    }
    this.#open.length = owner + 1;
  }

  #noteUnclosed(part: PartDraft, end: number): void {
    if (part.children.length === 0) {
      const message = 'A multipart’s boundary never appears; it is read as plain text.';
      this.defect('boundary-not-found', message, part.bodyStart);
      asPlainText(part);
    } else if (this.#parts < MAX_PARTS) {
      this.defect('missing-close-boundary', 'A multipart ends without its closing boundary.', end);
    }
  }

  #nextDelimiter(from: number): Delimiter | null {
    const raw = this.#raw;
    // A boundary may begin at `from` itself, directly after the line feed at `from` − 1, so the search starts
    // there.
    let at = raw.indexOf(DELIMITER_START, Math.max(0, from - 1));
    while (at !== -1) {
      const delimiter = this.#delimiterAt(at + 1);
      if (delimiter !== null) return delimiter;
      at = raw.indexOf(DELIMITER_START, at + 3);
    }
    return null;
  }

  /**
   * Returns the boundary line that begins at `lineStart`; `null` if this line begins with `--` but is not a
   * boundary.
   */
  #delimiterAt(lineStart: number): Delimiter | null {
    const raw = this.#raw;
    if (this.#firstBytes[raw[lineStart + 2] ?? 0] === 0) return null;
    const feed = raw.indexOf(LF, lineStart);
    const lineEnd = feed === -1 ? raw.length : feed + 1;
    const line = raw.toString('latin1', lineStart + 2, lineEnd).trimEnd();
    const found = this.#lookUp(line, lineStart, lineEnd);
    if (found !== null) return found;
    // RFC 2046 §5.1.1 requires only that a line begins with the boundary, so text after a blank is ignored. A line with
    // further characters directly after the boundary is a different boundary.
    const blank = line.search(/[ \t]/);
    return blank > 0 ? this.#lookUp(line.slice(0, blank), lineStart, lineEnd) : null;
  }

  #lookUp(text: string, lineStart: number, lineEnd: number): Delimiter | null {
    const owner = this.#boundaries.get(text);
    if (owner !== undefined) return { owner, closing: false, lineStart, lineEnd };
    if (!text.endsWith('--')) return null;
    const closed = this.#boundaries.get(text.slice(0, -2));
    return closed === undefined ? null : { owner: closed, closing: true, lineStart, lineEnd };
  }

  /** Returns the offset of the end of the body before the boundary line at `lineStart`. */
  #bodyEnd(lineStart: number): number {
    return lineStart >= 2 && this.#raw[lineStart - 2] === CR ? lineStart - 2 : lineStart - 1;
  }

  /**
   * Returns the number of line feeds before `offset`. The count continues from the offset of the previous
   * call. The offsets mostly ascend, so nearly every byte is examined only once.
   */
  #feedsBefore(offset: number): number {
    if (offset >= this.#countedTo) this.#feeds += countFeeds(this.#raw, this.#countedTo, offset);
    else this.#feeds -= countFeeds(this.#raw, offset, this.#countedTo);
    this.#countedTo = offset;
    return this.#feeds;
  }

  #noteBytes(): void {
    const bareLf = findBareLf(this.#raw);
    if (bareLf !== -1) this.defect('bare-lf', 'Lines end with LF alone, not CRLF.', bareLf);
    const nul = this.#raw.indexOf(0);
    if (nul !== -1) this.defect('nul-byte', 'The message contains NUL bytes.', nul);
  }
}

/**
 * Returns the charset of the first encoded word in the subject and the address fields; `null` if there is no
 * encoded word or its charset is UTF-8.
 */
function wordCharset(root: PartDraft): string | null {
  for (const { name, value } of root.headers) {
    if (!value.includes('=?') || !/^(?:subject|from|to|cc|reply-to|sender)$/i.test(name)) continue;
    const label = firstCharset(value);
    if (label !== null && isNamedCharset(label) && !isSameCharset(label, 'utf-8')) return label;
  }
  return null;
}

/**
 * Counts the line feeds between two offsets. Searching for each line feed with the native `indexOf` is several
 * times faster than a loop over the bytes.
 */
function countFeeds(raw: Buffer, from: number, to: number): number {
  let feeds = 0;
  if (from >= to) return feeds;
  for (let at = raw.indexOf(LF, from); at !== -1 && at < to; at = raw.indexOf(LF, at + 1)) feeds++;
  return feeds;
}

/** Returns the offset of the first line feed without a carriage return before it; −1 if the message has none. */
function findBareLf(raw: Buffer): number {
  let at = raw.indexOf(LF);
  while (at > 0 && raw[at - 1] === CR) at = raw.indexOf(LF, at + 1);
  return at;
}

/** Parses the structure of a raw message. */
export function parseStructure(raw: Buffer): MessageStructure {
  return new StructureReader(raw).read();
}
