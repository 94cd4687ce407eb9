/**
 * Decodes base64 in the variants that occur in real mail (RFC 2045 §6.8): line endings, stray characters and
 * padding in the middle are tolerated. The decoder makes one pass into one buffer; the size of the result can
 * be counted without decoding.
 */

/**
 * The value of each octet as a base64 digit; 255 for other octets. URL-safe digits are included, as in Node's
 * decoder.
 */
const VALUES = new Uint8Array(256).fill(255);
for (const alphabet of ['+/', '-_']) {
  const digits = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let value = 0; value < 64; value++) VALUES[digits.charCodeAt(value)] = value;
}
const EQUALS = 61;
const valueOf = (bytes: Buffer, at: number): number => VALUES[bytes[at] ?? 0] ?? 255;

/** Number of lines at the start of a body that are examined to detect text that is not encoded. */
const LINES_SEEN = 3;
const BLANK_INSIDE = /[^\s][ \t]+[^\s]/;

/**
 * Returns whether a body that is labelled as base64 is in fact plain text. In this case, each of its first
 * lines contains words with blanks between them, which an encoder does not write.
 */
export function isPlainInstead(bytes: Buffer): boolean {
  const lines = bytes
    .toString('latin1', 0, 1_000)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LINES_SEEN);
  return lines.length > 0 && lines.every((line) => BLANK_INSIDE.test(line));
}

/** Decodes base64. Octets outside the alphabet are skipped, as RFC 2045 requires. */
export function decodeBase64(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    if (count === 0) {
      // Fast path for groups of four digits, because nearly every body consists of such groups.
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
      // Padding ends an encoded sequence, but gateways and list software may append further sequences, so decoding
      // continues.
      count = 0;
      bits = 0;
    }
    at++;
  }
  return out.subarray(0, length);
}

/** Returns the number of octets that `decodeBase64` returns, without decoding. */
export function base64Size(bytes: Buffer): number {
  let size = 0;
  let digits = 0;
  // A `for…of` loop over a buffer takes three times as long as this loop.
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
