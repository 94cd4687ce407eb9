/**
 * Encodes and decodes xtext (RFC 3461 §4): the encoding of characters that an SMTP command line cannot
 * contain, used in the parameters ENVID, ORCPT and AUTH.
 */

/** Matches a character that xtext does not encode. */
const PLAIN = /[!-*,-<>-~]/;
const PLUS = 0x2b;
const HEX = /^[0-9A-F]{2}$/;

export const isXtext = (text: string): boolean => /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(text);

/**
 * Decodes xtext. The result may contain control characters. Characters that are not valid in xtext stay unchanged.
 */
export function decodeXtext(text: string): string {
  const octets = new TextEncoder().encode(text);
  const decoded: number[] = [];
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    const hex = octet === PLUS ? String.fromCharCode(octets[at + 1] ?? 0, octets[at + 2] ?? 0) : '';
    if (HEX.test(hex)) {
      decoded.push(Number.parseInt(hex, 16));
      at += hex.length;
    } else {
      decoded.push(octet);
    }
  }
  return new TextDecoder().decode(Uint8Array.from(decoded));
}

/**
 * Decodes the parameter ORCPT and returns `type; address`. With the type `utf-8`, a character of the address may
 * also be encoded as `\x{HEX}` (RFC 6533 §3).
 */
export function decodeOriginalRecipient(value: string): string {
  const semicolon = value.indexOf(';');
  const type = value.slice(0, semicolon);
  const address = decodeXtext(value.slice(semicolon + 1));
  return `${type}; ${type.toLowerCase() === 'utf-8' ? decodeEmbedded(address) : address}`;
}

const decodeEmbedded = (address: string): string =>
  address.replaceAll(/\\x\{([0-9A-F]{2,6})\}/g, (escape, hex: string) => {
    const point = Number.parseInt(hex, 16);
    const isCharacter = point <= 0x10_ff_ff && (point < 0xd8_00 || point > 0xdf_ff);
    return isCharacter ? String.fromCodePoint(point) : escape;
  });

export function encodeXtext(text: string): string {
  return Array.from(new TextEncoder().encode(text), (octet) => {
    const character = String.fromCharCode(octet);
    return PLAIN.test(character) ? character : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
