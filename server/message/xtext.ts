/** xtext (RFC 3461 §4): how ENVID, ORCPT and AUTH= carry what a command line cannot. */

/** Characters that stand for themselves; `+` and `=` do not. */
const PLAIN = /[!-*,-<>-~]/;

export const isXtext = (text: string): boolean => /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(text);

/** What is not xtext stays as it is. The text may hold controls. */
export function decodeXtext(text: string): string {
  const octets = Buffer.from(text, 'utf8')
    .toString('latin1')
    .replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}

/**
 * What the value of ORCPT says, `type; address`. With the type `utf-8` a character of the address may also be `\x{HEX}`
 * (RFC 6533 §3).
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
  return Array.from(Buffer.from(text, 'utf8'), (octet) => {
    const character = String.fromCharCode(octet);
    return PLAIN.test(character) ? character : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
