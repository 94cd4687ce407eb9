/** UTF-7 (RFC 2152). One pass into one buffer; octets beyond ASCII, which it does not have, become U+FFFD. */
import { REPLACEMENT, TextBuffer } from './text-buffer.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;

const VALUES = new Int8Array(128).fill(-1);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < 64; value++) VALUES[DIGITS.charCodeAt(value)] = value;

/** @param cut whether the text continues after `bytes`; a `+` at the end may then begin a run */
export function decodeUtf7(bytes: Buffer, cut = false): string {
  const out = new TextBuffer(bytes.length);
  for (let at = 0; at < bytes.length;) {
    const octet = bytes[at++] ?? 0;
    if (octet !== PLUS) {
      out.push(octet < 0x80 ? octet : REPLACEMENT);
      continue;
    }
    const start = at;
    let bits = 0;
    let count = 0;
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
    if (bytes[at] === MINUS) {
      if (at === start) out.push(PLUS);
      at++;
    } else if (at === start && !(cut && at === bytes.length)) {
      out.push(PLUS);
    }
  }
  return out.toString();
}
