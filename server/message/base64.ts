/** Base64 as mail has it (RFC 2045 §6.8): line ends, stray characters and padding in the middle are tolerated. */

const PADDING_INSIDE = /=+[\s]*[^=\s]/;

/** Decodes what can be decoded; characters outside the alphabet are skipped, as RFC 2045 demands. */
export function decodeBase64(text: string): Buffer {
  const padding = text.indexOf('=');
  if (padding === -1 || !PADDING_INSIDE.test(text.slice(padding))) return Buffer.from(text, 'base64');
  // Several encodings one after another (concatenated by gateways and list software): each ends at its padding.
  return Buffer.concat(text.split(/=+/).map((segment) => Buffer.from(segment, 'base64')));
}
