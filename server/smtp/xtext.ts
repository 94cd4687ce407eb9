/** xtext (RFC 3461 §4): how ENVID, ORCPT and AUTH= carry what a command line cannot. */

/** Characters that stand for themselves; `+` and `=` do not. */
const PLAIN = /[!-*,-<>-~]/;

export const isXtext = (text: string): boolean => /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/.test(text);

export function decodeXtext(text: string): string {
  const octets = text.replaceAll(/\+([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(octets, 'latin1').toString('utf8');
}

export function encodeXtext(text: string): string {
  return Array.from(Buffer.from(text, 'utf8'), (octet) => {
    const character = String.fromCharCode(octet);
    return PLAIN.test(character) ? character : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
