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

/** Decodes into `out`, or only counts when that is `null`; returns the number of octets. */
function decode(bytes: Buffer, out: Buffer | null): number {
  let length = 0;
  // The end of the output before the last blanks: blanks at the end of a line are transport padding.
  let kept = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte === EQUALS) {
      const high = hexDigit(bytes[at + 1]);
      const low = hexDigit(bytes[at + 2]);
      const escaped = high >= 0 && low >= 0;
      const next = escaped ? at + 3 : softBreakEnd(bytes, at);
      if (escaped || next === at) {
        if (out !== null) out[length] = escaped ? high * 16 + low : EQUALS;
        length++;
      }
      at = Math.max(next, at + 1);
      kept = length;
    } else if (byte === LF || (byte === CR && bytes[at + 1] === LF)) {
      length = kept;
      for (const end = at + (byte === CR ? 2 : 1); at < end; at++) {
        if (out !== null) out[length] = bytes[at] ?? 0;
        length++;
      }
      kept = length;
    } else {
      if (out !== null) out[length] = byte;
      length++;
      at++;
      if (byte !== SPACE && byte !== TAB) kept = length;
    }
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
