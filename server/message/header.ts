/**
 * Header blocks (RFC 5322 §2.2): fields with byte offsets, unfolded. Reading stops at the empty line; lines that
 * are no field are skipped and reported. One pass, no string is made of a line that isn't a field.
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

/** Receives what the header reader detects besides the fields. */
export interface HeaderListener {
  /** Something is wrong at `offset`; codes as in `Defect`. */
  defect(code: string, message: string, offset: number): void;
  /** Whether the line that begins with `--` at `lineStart` is a boundary and so ends the header. */
  isBoundary(lineStart: number): boolean;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Where the body begins: after the empty line, or where the header broke off. */
  readonly bodyStart: number;
}

/** Fields read of one block: far above any real message, and what keeps a hostile one in bounds. */
const MAX_FIELDS = 10_000;

const NON_ASCII = /[\x80-\xff]/;
/** An escape sequence of ISO 2022 for characters of two octets. */
const DESIGNATION = '\x1b$';
const isBlank = (byte: number | undefined): boolean => byte === 32 || byte === 9;

/** The offset of the next line feed from `from` on, `end` when there is none before it. */
function lineFeed(raw: Buffer, from: number, end: number): number {
  const at = raw.indexOf(LF, from);
  return at === -1 || at > end ? end : at;
}

/** The colon of the field that begins at `start`, or −1; the name must be printable ASCII (RFC 5322 §2.2). */
function findColon(raw: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && (raw[at] ?? 0) > 32 && (raw[at] ?? 0) < 127 && raw[at] !== COLON) at++;
  if (at === start) return -1;
  // White space before the colon is obsolete syntax (RFC 5322 §4.5) and still written.
  while (at < end && isBlank(raw[at])) at++;
  return at < end && raw[at] === COLON ? at : -1;
}

/** Whether an empty line begins at `at`, and where the next line does; −1 when the line isn't empty. */
function afterEmptyLine(raw: Buffer, at: number, end: number): number {
  if (raw[at] === LF) return at + 1;
  return raw[at] === CR && at + 1 < end && raw[at + 1] === LF ? at + 2 : -1;
}

/** The place of a field's value, its lines, and whether its bytes are invalid UTF-8. */
interface FieldValue {
  readonly text: string;
  readonly undecoded: boolean;
}

/** The boundary that the fields of a block name, read again only where there are more fields than before. */
class OwnBoundary {
  #fields = 0;
  #text: string | null = null;

  /** Whether the line at `at`, which begins with `--`, is that boundary. */
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

/** Reads the header block that begins at `start`. */
export function readHeader(raw: Buffer, start: number, end: number, listener: HeaderListener): HeaderBlock {
  const fields: HeaderField[] = [];
  /** Indices of fields whose bytes are in a charset that no encoded word names. */
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
      listener.defect('missing-header-end', 'A boundary stands where the header’s empty line should be.', at);
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
  // There is no empty line: the body begins with the first line that cannot be a field.
  listener.defect('missing-header-end', 'No empty line stands between header and body.', brokeAt);
  return finish(brokeAt, fieldsBefore);
}

/** The bytes between two offsets without their line ends, which fold a value; the bytes themselves where there is none. */
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

/** The unfolded value between two offsets. */
function readValue(raw: Buffer, start: number, end: number): FieldValue {
  const bytes = unfold(raw, start, end);
  const text = bytes.toString('latin1');
  if (!NON_ASCII.test(text)) return { text: text.trim(), undecoded: text.includes(DESIGNATION) };
  return isUtf8(bytes)
    ? { text: bytes.toString('utf8').trim(), undecoded: false }
    : { text: '', undecoded: true };
}

/**
 * Decodes fields that are neither ASCII nor UTF-8 as the charset that the block's Content-Type names, as programs do that
 * write their text into the header as it is; without one as windows-1252, or as ISO-2022-JP where escape sequences say so.
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
      listener.defect('header-not-utf8', 'A header field holds 8-bit bytes that are not UTF-8.', field.start);
    }
  }
}

/** The offset after the next empty line. */
function skipHeader(raw: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at = lineFeed(raw, at, end) + 1) {
    const bodyStart = afterEmptyLine(raw, at, end);
    if (bodyStart !== -1) return bodyStart;
  }
  return end;
}

const SILENT: HeaderListener = { defect: () => undefined, isBoundary: () => false };

/** The header fields at the beginning of `bytes`: a header on its own, or a whole message. */
export function parseHeaders(bytes: Buffer): readonly HeaderField[] {
  return readHeader(bytes, 0, bytes.length, SILENT).fields;
}

/** Every field of that name, any case, in order. */
function headerFields(part: Pick<MimePart, 'headers'>, name: string): readonly HeaderField[] {
  const wanted = name.toLowerCase();
  return part.headers.filter(
    (field) => field.name.length === wanted.length && field.name.toLowerCase() === wanted,
  );
}

/** Every value of that name, unfolded, as written. */
export function headerValues(part: Pick<MimePart, 'headers'>, name: string): readonly string[] {
  return headerFields(part, name).map((field) => field.value);
}

/** The first value of that name, unfolded and decoded (RFC 2047); `null` when there is none. */
export function headerText(part: Pick<MimePart, 'headers'>, name: string): string | null {
  const value = headerValues(part, name)[0];
  return value === undefined ? null : decodeWords(value);
}
