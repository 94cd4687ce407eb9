/** Base64 as mail has it (RFC 2045 §6.8): line ends, stray characters and padding in the middle are tolerated. */

const PADDING_INSIDE = /=+[\s]*[^=\s]/;

/** Decodes what can be decoded; characters outside the alphabet are skipped, as RFC 2045 demands. */
export function decodeBase64(text: string): Buffer {
  const padding = text.indexOf('=');
  if (padding === -1 || !PADDING_INSIDE.test(text.slice(padding))) return Buffer.from(text, 'base64');
  // Several encodings one after another (concatenated by gateways and list software): each ends at its padding.
  return Buffer.concat(text.split(/=+/).map((segment) => Buffer.from(segment, 'base64')));
}

/** Which bytes are digits of the alphabet: the URL-safe ones count, as Node's decoder has it. */
const DIGITS = new Uint8Array(256);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_')
  DIGITS[digit.charCodeAt(0)] = 1;
const EQUALS = 61;

/** How many octets `decodeBase64` would give, without decoding. */
export function base64Size(bytes: Buffer): number {
  let size = 0;
  let digits = 0;
  for (const byte of bytes) {
    if (DIGITS[byte] === 1) {
      digits++;
    } else if (byte === EQUALS) {
      size += Math.floor((digits * 3) / 4);
      digits = 0;
    }
  }
  return size + Math.floor((digits * 3) / 4);
}
