/**
 * Parses header blocks (RFC 5322 §2.2) into unfolded fields with byte offsets. Parsing stops at the empty line
 * after the header. Lines that are not a field are skipped and reported. The parser makes one pass and creates
 * no string for a line that is not a field.
 */
import { isUtf8 } from 'node:buffer';
import { decodeCharset, isNamedCharset } from './charset/index.ts';
import { decodeWords } from './encoded-word.ts';
import { parseParameters } from './parameters.ts';
import type { HeaderField, MimePart } from './structure.ts';

export { decodeWords, encodeWords } from './encoded-word.ts';

const LF = 10;
const CR = 13;
const HYPHEN = 45;
const COLON = 58;

/** Receives the defects that the parser finds in a header block, and recognizes MIME boundaries for the parser. */
export interface HeaderListener {
  /** Reports a defect at the byte offset `offset`; `code` is the `code` of a `Defect`. */
  defect(code: string, message: string, offset: number): void;
  /**
   * Returns whether the line that begins with `--` at the offset `lineStart` is a MIME boundary. A boundary
   * ends the header.
   */
  isBoundary(lineStart: number): boolean;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /**
   * Byte offset of the body: after the empty line, or at the first line that cannot belong to the header if
   * the empty line is missing.
   */
  readonly bodyStart: number;
}

/**
 * Maximum number of fields that are read from one header block. Real messages have far fewer; the maximum
 * limits the work for hostile messages.
 */
const MAX_FIELDS = 10_000;

const NON_ASCII = /[\x80-\xff]/;
/** The start of an ISO 2022 escape sequence that selects a set of two-octet characters. */
const DESIGNATION = '\x1b$';
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** Returns the offset of the next line feed from `from` up to `end`; `end` if there is none. */
function lineFeed(raw: Buffer, from: number, end: number): number {
  const at = raw.indexOf(LF, from);
  return at === -1 || at > end ? end : at;
}

/**
 * Returns the offset of the colon of the field that begins at `start`; −1 if no field begins there. A field name is
 * printable ASCII (RFC 5322 §2.2).
 */
function findColon(raw: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (raw[at] ?? 0) > 32 && (raw[at] ?? 0) < 127 && raw[at] !== COLON) at++;
  if (at === start) return -1;
  // White space before the colon is obsolete syntax (RFC 5322 §4.5) that some programs still write.
  while (at < end && isBlank(raw[at])) at++;
  return at < end && raw[at] === COLON ? at : -1;
}

/** Returns the offset after the empty line at `at`; −1 if the line there is not empty. */
function afterEmptyLine(raw: Buffer, at: number, end: number): number {
  if (raw[at] === LF) return at + 1;
  return raw[at] === CR && at + 1 < end && raw[at + 1] === LF ? at + 2 : -1;
}

/**
 * The decoded value of a field. `undecoded` is set for text whose charset is not determined yet: invalid UTF-8,
 * or text with ISO 2022 escape sequences.
 */
interface FieldValue {
  readonly text: string;
  readonly undecoded: boolean;
}

/**
 * The MIME boundary that the Content-Type of the header block itself declares. Each field is examined only
 * once, although the search is repeated while the block is parsed.
 */
class OwnBoundary {
  #fields = 0;
  #text: string | null = null;

  /**
   * Returns whether the line that begins with `--` at the offset `at` is the boundary that this header block
   * declares.
   */
  isAt(raw: Buffer, at: number, fields: readonly HeaderField[]): boolean {
    for (; this.#text === null && this.#fields < fields.length; this.#fields++) {
      const { name = '', value = '' } = fields[this.#fields] ?? {};
      if (name.toLowerCase() !== 'content-type' || !/^multipart\//i.test(value)) continue;
      this.#text = parseParameters(value).parameters['boundary'] ?? null;
    }
    if (this.#text === null || this.#text === '') return false;
    const end = at + 2 + this.#text.length;
    return raw.toString('latin1', at + 2, end) === this.#text && (raw[end] ?? LF) <= 32;
  }
}

/** Parses the header block that begins at the byte offset `start`. */
export function readHeader(raw: Buffer, start: number, end: number, listener: HeaderListener): HeaderBlock {
  const fields: HeaderField[] = [];
  /** Indexes of the fields whose charset is determined only after the whole header block was read. */
  const undecoded: number[] = [];
  const finish = (bodyStart: number, count = fields.length): HeaderBlock => {
    if (undecoded.length > 0) decodeFields(raw, fields, undecoded, listener);
    return { fields: count === fields.length ? fields : fields.slice(0, count), bodyStart };
  };
  const boundary = new OwnBoundary();
  let brokeAt = -1;
  let fieldsBefore = 0;
  for (let at = start; at < end;) {
    const bodyStart = afterEmptyLine(raw, at, end);
    if (bodyStart !== -1) return finish(bodyStart);
    if (
      raw[at] === HYPHEN &&
      raw[at + 1] === HYPHEN &&
      (listener.isBoundary(at) || boundary.isAt(raw, at, fields))
    ) {
      listener.defect(
        'missing-header-end',
        'A boundary takes the place of the empty line that ends the header.',
        at,
      );
      return finish(at);
    }
    const firstFeed = lineFeed(raw, at, end);
    let feed = firstFeed;
    while (feed + 1 < end && isBlank(raw[feed + 1])) feed = lineFeed(raw, feed + 1, end);
    const next = Math.min(feed + 1, end);
    const colon = findColon(raw, at, firstFeed);
    if (colon === -1) {
      if (brokeAt === -1) {
        brokeAt = at;
        fieldsBefore = fields.length;
      }
      listener.defect('malformed-header', 'A line of the header is neither a field nor a continuation.', at);
    } else if (fields.length === MAX_FIELDS) {
      listener.defect('too-many-fields', `Only the first ${MAX_FIELDS} header fields are read.`, at);
      return finish(skipHeader(raw, at, end));
    } else {
      const value = readValue(raw, colon + 1, feed);
      if (value.undecoded) undecoded.push(fields.length);
      fields.push({
        name: raw.toString('latin1', at, colon).trimEnd(),
        value: value.text,
        start: at,
        end: next,
      });
    }
    at = next;
  }
  if (brokeAt === -1) return finish(end);
  // The empty line at the end of the header is missing: the body begins with the first line that cannot be a
  // field.
  listener.defect('missing-header-end', 'The empty line between header and body is missing.', brokeAt);
  return finish(brokeAt, fieldsBefore);
}

/**
 * Returns the bytes between two offsets without the line endings of folded lines. If there is no line ending,
 * the result is a view of the same memory and not a copy.
 */
function unfold(raw: Buffer, start: number, end: number): Buffer {
  const bytes = raw.subarray(start, end);
  if (!bytes.includes(LF)) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== LF && (byte !== CR || bytes[at + 1] !== LF)) out[length++] = byte;
  }
  return out.subarray(0, length);
}

/** Decodes and unfolds the field value between two offsets. */
function readValue(raw: Buffer, start: number, end: number): FieldValue {
  const bytes = unfold(raw, start, end);
  const text = bytes.toString('latin1');
  if (!NON_ASCII.test(text)) return { text: text.trim(), undecoded: text.includes(DESIGNATION) };
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8').trim(), undecoded: false }
    : { text: '', undecoded: true };
}

/**
 * Decodes fields that are neither ASCII nor UTF-8. Some programs write such text directly in the charset that
 * the Content-Type of the same header declares, so that charset is used. Without a Content-Type charset, the
 * fields are decoded as ISO-2022-JP if they contain its escape sequences, else as windows-1252.
 */
function decodeFields(
  raw: Buffer,
  fields: HeaderField[],
  undecoded: readonly number[],
  listener: HeaderListener,
): void {
  const type = fields.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
  const label = parseParameters(type).parameters['charset'] ?? '';
  for (const index of undecoded) {
    const field = fields[index];
    if (field === undefined) continue;
    const colon = findColon(raw, field.start, field.end);
    const bytes = unfold(raw, colon + 1, field.end);
    const value = decodeCharset(bytes, '', { fallback: isNamedCharset(label) ? label : null }).trim();
    fields[index] = { ...field, value };
    if (!isUtf8(bytes)) {
      listener.defect(
        'header-not-utf8',
        'A header field contains 8-bit bytes that are not UTF-8.',
        field.start,
      );
    }
  }
}

/** Returns the offset after the next empty line; `end` if there is none. */
function skipHeader(raw: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at = lineFeed(raw, at, end) + 1) {
    const bodyStart = afterEmptyLine(raw, at, end);
    if (bodyStart !== -1) return bodyStart;
  }
  return end;
}

const SILENT: HeaderListener = { defect: () => undefined, isBoundary: () => false };

/** Returns the header fields at the beginning of `bytes`, which contain a header or a whole message. */
export function parseHeaders(bytes: Buffer): readonly HeaderField[] {
  return readHeader(bytes, 0, bytes.length, SILENT).fields;
}

/** Returns all fields with the name `name`, without regard to case, in the order of the header. */
function headerFields(part: Pick<MimePart, 'headers'>, name: string): readonly HeaderField[] {
  const wanted = name.toLowerCase();
  return part.headers.filter(
    (field) => field.name.length === wanted.length && field.name.toLowerCase() === wanted,
  );
}

/** Returns the values of all fields with the name `name`: unfolded, but not decoded. */
export function headerValues(part: Pick<MimePart, 'headers'>, name: string): readonly string[] {
  return headerFields(part, name).map((field) => field.value);
}

/**
 * Returns the first value of the field `name`, unfolded and decoded (RFC 2047); `null` if there is no such
 * field.
 */
export function headerText(part: Pick<MimePart, 'headers'>, name: string): string | null {
  const value = headerValues(part, name)[0];
  return value === undefined ? null : decodeWords(value);
}
