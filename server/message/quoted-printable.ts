/**
 * Quoted-printable (RFC 2045 §6.7), decoded leniently: octets that form no escape are kept as they are. One pass into one buffer;
 * the size is counted by the same pass without a buffer.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;
const UNDERSCORE = 95;

/** The value of a hexadecimal digit, −1 for any other octet. Lower case is illegal and common. */
const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  HEX[value.toString(16).charCodeAt(0)] = value;
  HEX[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
const hexDigit = (byte: number | undefined): number => (byte === undefined ? -1 : (HEX[byte] ?? -1));

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** Where the line ending at `at` ends, `at` itself when there is none. */
function lineEndAfter(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return at + 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at;
}

/** Where the soft line break at `at` ends; `at` itself when the `=` there begins none. */
function softBreakEnd(bytes: Buffer, at: number): number {
  let next = at + 1;
  while (isBlank(bytes[next])) next++;
  const after = next === bytes.length ? next : lineEndAfter(bytes, next);
  return after > next || next === bytes.length ? after : at;
}

/** Writes decoded octets to a buffer, or only counts them if there is no buffer. */
class Output {
  /** Octets written so far. */
  length = 0;
  readonly #buffer: Buffer | null;
  /** The length without the blanks at the end, which are transport padding if a line ends after them. */
  #withoutPadding = 0;

  constructor(buffer: Buffer | null) {
    this.#buffer = buffer;
  }

  push(octet: number): void {
    this.pushBlank(octet);
    this.#withoutPadding = this.length;
  }

  pushBlank(octet: number): void {
    if (this.#buffer !== null) this.#buffer[this.length] = octet;
    this.length++;
  }

  dropPadding(): void {
    this.length = this.#withoutPadding;
  }

  keepPadding(): void {
    this.#withoutPadding = this.length;
  }
}

/** Decodes the escape or soft line break at `at`; an `=` that begins neither is text. Returns the offset after it. */
function decodeEscape(bytes: Buffer, at: number, out: Output): number {
  const high = hexDigit(bytes[at + 1]);
  const low = hexDigit(bytes[at + 2]);
  if (high >= 0 && low >= 0) {
    out.push(high * 16 + low);
    return at + 3;
  }
  const next = softBreakEnd(bytes, at);
  if (next === at) {
    out.push(EQUALS);
    return at + 1;
  }
  out.keepPadding();
  return next;
}

/** Decodes into `buffer`, or only counts if it is `null`. Returns the number of octets. */
function decode(bytes: Buffer, buffer: Buffer | null): number {
  const out = new Output(buffer);
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const lineEnd = lineEndAfter(bytes, at);
    if (byte === EQUALS) {
      at = decodeEscape(bytes, at, out);
    } else if (lineEnd > at) {
      out.dropPadding();
      while (at < lineEnd) out.push(bytes[at++] ?? 0);
    } else {
      if (isBlank(byte)) out.pushBlank(byte);
      else out.push(byte);
      at++;
    }
  }
  return out.length;
}

/** Decodes `bytes`; the output is never longer than the input. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  return out.subarray(0, decode(bytes, out));
}

/** How many octets `decodeQuotedPrintable` would give, without decoding. */
export const quotedPrintableSize = (bytes: Buffer): number => decode(bytes, null);

/** The payload of an encoded word in `Q` (RFC 2047 §4.2): `_` is a blank, and nothing is a line. */
export function decodeQuotedWord(payload: string): Buffer {
  const bytes = Buffer.from(payload, 'utf8');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const high = byte === EQUALS ? hexDigit(bytes[at + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(bytes[at + 2]);
    if (low !== -1) at += 2;
    bytes[length++] = low !== -1 ? high * 16 + low : byte === UNDERSCORE ? SPACE : byte;
  }
  return bytes.subarray(0, length);
}
