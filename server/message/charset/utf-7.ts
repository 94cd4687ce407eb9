/**
 * Decodes UTF-7 (RFC 2152) in one pass into one buffer. Octets above 0x7F, which UTF-7 does not use, are
 * replaced by U+FFFD.
 */
import { REPLACEMENT, TextBuffer } from './text-buffer.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;

const VALUES = new Int8Array(128).fill(-1);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < 64; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/**
 * Decodes the run of base64 digits at `start` into UTF-16 code units. Returns the offset after the last digit
 * of the run.
 */
function decodeRun(bytes: Buffer, start: number, out: TextBuffer): number {
  let bits = 0;
  let count = 0;
  let at = start;
  for (; at < bytes.length; at++) {
    const value = VALUES[bytes[at] ?? 0] ?? -1;
    if (value === -1) break;
    bits = ((bits << 6) | value) & 0x3fffff;
    count += 6;
    if (count >= 16) {
      count -= 16;
      out.push((bits >> count) & 0xffff);
    }
  }
  return at;
}

/**
 * Decodes text in the charset UTF-7.
 * @param cut whether the text continues after `bytes`; if so, a `+` at the end may begin a run of base64 digits
 */
export function decodeUtf7(bytes: Buffer, cut = false): string {
  const out = new TextBuffer(bytes.length);
  for (let at = 0; at < bytes.length;) {
    const octet = bytes[at++] ?? 0;
    if (octet !== PLUS) {
      out.push(octet < 0x80 ? octet : REPLACEMENT);
      continue;
    }
    const start = at;
    at = decodeRun(bytes, start, out);
    const isEmpty = at === start;
    const mayContinue = cut && at === bytes.length;
    // Both `+-` and a `+` without a base64 run encode a plus sign.
    if (isEmpty && !mayContinue) out.push(PLUS);
    if (bytes[at] === MINUS) at++;
  }
  return out.toString();
}
