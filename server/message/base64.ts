/** Base64 as mail has it (RFC 2045 §6.8): line ends, stray characters and padding in the middle are tolerated. */

/** Decodes what can be decoded; characters outside the alphabet are skipped, as RFC 2045 demands. */
export function decodeBase64(text: string): Buffer {
  const padding = text.indexOf('=');
  if (padding === -1 || !/[^=\s]/.test(text.slice(padding))) return Buffer.from(text, 'base64');
  // Several encodings one after another (concatenated by gateways and list software): each ends at its padding.
  return decodeSegments(text);
}

/** Each byte's value as a digit of the alphabet, 255 for none; the URL-safe ones count, as in Node's decoder. */
const VALUES = new Uint8Array(256).fill(255);
for (const alphabet of ['+/', '-_']) {
  const digits = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let value = 0; value < 64; value++) VALUES[digits.charCodeAt(value)] = value;
}
const EQUALS = 61;

function decodeSegments(text: string): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const value = code < 256 ? (VALUES[code] ?? 255) : 255;
    if (value !== 255) {
      bits = ((bits << 6) | value) & 0xffffff;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out[length++] = bits >> count;
      }
    } else if (code === EQUALS) {
      count = 0;
    }
  }
  return out.subarray(0, length);
}

/** How many octets `decodeBase64` would give, without decoding. */
export function base64Size(bytes: Buffer): number {
  let size = 0;
  let digits = 0;
  for (const byte of bytes) {
    if (VALUES[byte] !== 255) {
      digits++;
    } else if (byte === EQUALS) {
      size += Math.floor((digits * 3) / 4);
      digits = 0;
    }
  }
  return size + Math.floor((digits * 3) / 4);
}
