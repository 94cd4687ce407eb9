/**
 * Base64 as real mail has it (RFC 2045 §6.8): line ends, stray characters and padding in the middle are tolerated.
 * One pass into one buffer; the size is counted without decoding.
 */

/** Each octet's value as a digit of the alphabet, 255 for none; the URL-safe digits count, as in Node's decoder. */
const VALUES = new Uint8Array(256).fill(255);
for (const alphabet of ['+/', '-_']) {
  const digits = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let value = 0; value < 64; value++) VALUES[digits.charCodeAt(value)] = value;
}
const EQUALS = 61;
const valueOf = (bytes: Buffer, at: number): number => VALUES[bytes[at] ?? 0] ?? 255;

/** Lines at the beginning of a body by which text that is not encoded is recognised. */
const LINES_SEEN = 3;
const BLANK_INSIDE = /[^\s][ \t]+[^\s]/;

/**
 * Whether a body that is labelled as base64 is text that was never encoded: each of its first lines has words with blanks
 * between. An encoder writes none.
 */
export function isPlainInstead(bytes: Buffer): boolean {
  const lines = bytes
    .toString('latin1', 0, 1_000)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LINES_SEEN);
  return lines.length > 0 && lines.every((line) => BLANK_INSIDE.test(line));
}

/** Decodes what can be decoded; octets outside the alphabet are skipped, as RFC 2045 demands. */
export function decodeBase64(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    if (count === 0) {
      // Four digits in a row, which nearly all of a body consists of.
      const [a, b, c, d] = [
        valueOf(bytes, at),
        valueOf(bytes, at + 1),
        valueOf(bytes, at + 2),
        valueOf(bytes, at + 3),
      ];
      if ((a | b | c | d) < 64) {
        out[length++] = (a << 2) | (b >> 4);
        out[length++] = (b << 4) | (c >> 2);
        out[length++] = (c << 6) | d;
        at += 4;
        continue;
      }
    }
    const value = valueOf(bytes, at);
    if (value !== 255) {
      bits = ((bits << 6) | value) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out[length++] = bits >> count;
      }
      if (count === 0) bits = 0;
    } else if (bytes[at] === EQUALS) {
      // The end of one encoding; gateways and list software put several one after another.
      count = 0;
      bits = 0;
    }
    at++;
  }
  return out.subarray(0, length);
}

/** How many octets `decodeBase64` would give, without decoding. */
export function base64Size(bytes: Buffer): number {
  let size = 0;
  let digits = 0;
  // An iterator over a buffer takes three times as long.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (VALUES[byte] !== 255) {
      digits++;
    } else if (byte === EQUALS) {
      size += Math.floor((digits * 3) / 4);
      digits = 0;
    }
  }
  return size + Math.floor((digits * 3) / 4);
}
