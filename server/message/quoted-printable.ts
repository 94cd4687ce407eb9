/** Quoted-printable (RFC 2045 §6.7), decoded leniently: what isn't an escape stands for itself. */

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;

/** The value of a hexadecimal digit, −1 for any other byte. Lower case is illegal and common. */
function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === TAB;

/** Where the line ending at `at` ends, `at` itself when there is none. */
function lineEndAfter(bytes: Buffer, at: number): number {
  if (bytes[at] === LF) return at + 1;
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at;
}

/** Decodes `bytes`; one pass, output never longer than input. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  // End of what was written before the blanks last seen: blanks at a line's end are transport padding.
  let kept = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    if (byte === EQUALS) {
      const high = hexDigit(bytes[at + 1]);
      const low = hexDigit(bytes[at + 2]);
      if (high >= 0 && low >= 0) {
        out[length++] = high * 16 + low;
        at += 3;
      } else {
        let next = at + 1;
        while (isBlank(bytes[next])) next++;
        const after = next === bytes.length ? next : lineEndAfter(bytes, next);
        if (after > next || next === bytes.length) {
          at = after;
        } else {
          out[length++] = EQUALS;
          at++;
        }
      }
      kept = length;
    } else if (byte === LF || (byte === CR && bytes[at + 1] === LF)) {
      length = kept;
      if (byte === CR) out[length++] = CR;
      out[length++] = LF;
      at += byte === CR ? 2 : 1;
      kept = length;
    } else {
      out[length++] = byte;
      at++;
      if (!isBlank(byte)) kept = length;
    }
  }
  return out.subarray(0, length);
}
