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

/** The value of an `=` that begins a soft line break, which is no octet. */
const SOFT_BREAK = -1;

const isEscape = (bytes: Buffer, at: number): boolean =>
  hexDigit(bytes[at + 1]) >= 0 && hexDigit(bytes[at + 2]) >= 0;

/** The octet that the `=` at `at` stands for: an escaped octet, the `=` itself, or `SOFT_BREAK`. */
function octetAt(bytes: Buffer, at: number): number {
  if (isEscape(bytes, at)) return hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]);
  return softBreakEnd(bytes, at) > at ? SOFT_BREAK : EQUALS;
}

/** The offset after the escape, the soft line break or the literal `=` at `at`. */
const afterEquals = (bytes: Buffer, at: number): number =>
  isEscape(bytes, at) ? at + 3 : Math.max(softBreakEnd(bytes, at), at + 1);

/** Decodes into `out`, or only counts if it is `null`. Returns the number of octets. */
function decode(bytes: Buffer, out: Buffer | null): number {
  let length = 0;
  // The length of the output without its last blanks: blanks at the end of a line are transport padding.
  let kept = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const lineEnd = byte === LF || byte === CR ? lineEndAfter(bytes, at) : at;
    if (lineEnd > at) {
      if (out !== null) bytes.copy(out, kept, at, lineEnd);
      length = kept += lineEnd - at;
      at = lineEnd;
      continue;
    }
    const octet = byte === EQUALS ? octetAt(bytes, at) : byte;
    if (octet !== SOFT_BREAK) {
      if (out !== null) out[length] = octet;
      length++;
    }
    at = byte === EQUALS ? afterEquals(bytes, at) : at + 1;
    if (!isBlank(byte)) kept = length;
  }
  return length;
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
