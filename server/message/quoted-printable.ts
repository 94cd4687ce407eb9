/**
 * Decodes quoted-printable (RFC 2045 §6.7) leniently: octets that form no escape are copied. The decoder
 * makes one pass and fills one buffer; without a buffer, it only counts the octets of the result.
 */

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;
const UNDERSCORE = 95;

/**
 * Maps an octet to its value as a hexadecimal digit; −1 if the octet is not such a digit. Lower-case digits
 * are accepted, because they are common although illegal.
 */
const HEX = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value++) {
  HEX[value.toString(16).charCodeAt(0)] = value;
  HEX[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
const hexDigit = (byte: number | undefined): number => (byte === undefined ? -1 : (HEX[byte] ?? -1));

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** Returns the offset after the line ending at `at`; `at` itself if no line ending begins there. */
function lineEndAfter(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return at + 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at;
}

/** Returns the offset after the soft line break at `at`; `at` itself if the `=` there begins no soft line break. */
function softBreakEnd(bytes: Buffer, at: number): number {
  let next = at + 1;
  while (isBlank(bytes[next])) next++;
  const after = next === bytes.length ? next : lineEndAfter(bytes, next);
  return after > next || next === bytes.length ? after : at;
}

/**
 * Decodes the escape that begins with the `=` at the offset `at`. Returns the encoded octet; −1 if no two
 * hexadecimal digits follow.
 */
function escapedOctet(bytes: Buffer, at: number): number {
  const high = hexDigit(bytes[at + 1]);
  const low = hexDigit(bytes[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/**
 * Kinds of octets: an ordinary octet is copied, a blank is removed at the end of a line, and a special octet
 * (`=`, CR, LF) needs further examination.
 */
const ORDINARY = 0;
const BLANK = 1;
const SPECIAL = 2;
const KINDS = new Uint8Array(256).fill(ORDINARY);
for (const octet of [SPACE, TAB]) KINDS[octet] = BLANK;
for (const octet of [EQUALS, CR, LF]) KINDS[octet] = SPECIAL;

/**
 * Copies the octets from `at` to `end` into `out` at `target`. The octets are at most a line ending; for so
 * few octets, a loop is faster than a native call.
 */
function copy(bytes: Buffer, at: number, end: number, out: Buffer | null, target: number): void {
  if (out !== null) for (let from = at; from < end; from++) out[target + from - at] = bytes[from] ?? 0;
}

/**
 * Decodes `bytes` into `out`, or only counts the decoded octets if `out` is `null`. Returns the number of
 * decoded octets.
 */
function decode(bytes: Buffer, out: Buffer | null): number {
  let length = 0;
  // Number of decoded octets up to the last octet that is not a blank. Blanks after it are removed if the
  // line ends there, because they are not part of the content.
  let kept = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (KINDS[byte] !== SPECIAL) {
      if (out !== null) out[length] = byte;
      length++;
      at++;
      if (KINDS[byte] === ORDINARY) kept = length;
    } else if (byte === EQUALS) {
      const octet = escapedOctet(bytes, at);
      const next = octet >= 0 ? at + 3 : softBreakEnd(bytes, at);
      if (octet >= 0 || next === at) {
        if (out !== null) out[length] = octet >= 0 ? octet : EQUALS;
        length++;
      }
      at = Math.max(next, at + 1);
      kept = length;
    } else {
      const lineEnd = lineEndAfter(bytes, at);
      // A CR without LF is copied like any other octet.
      if (lineEnd > at) length = kept;
      const end = Math.max(lineEnd, at + 1);
      copy(bytes, at, end, out, length);
      kept = length += end - at;
      at = end;
    }
  }
  return length;
}

/** Decodes quoted-printable. The result is never longer than the encoded `bytes`. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  return out.subarray(0, decode(bytes, out));
}

/** Returns the number of octets that `decodeQuotedPrintable` returns, without decoding into a buffer. */
export const quotedPrintableSize = (bytes: Buffer): number => decode(bytes, null);

/**
 * Decodes the payload of an encoded word in the encoding `Q` (RFC 2047 §4.2): `_` is a blank, and line breaks
 * have no meaning.
 */
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
