/** The grammar of a mailbox address (RFC 5321 §4.1.2, extended by RFC 6531 §3.3), for the check `protocol`. */
import { isIPv4, isIPv6 } from 'node:net';

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\u{10ffff}-]+";
const DOT_STRING = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
const QUOTED_STRING = /^"(?:[\x20!#-[\]-~\u0080-\u{10ffff}]|\\[\x20-~])*"$/u;
const LABEL =
  '[A-Za-z0-9\\u0080-\\u{10ffff}](?:[A-Za-z0-9\\u0080-\\u{10ffff}-]*[A-Za-z0-9\\u0080-\\u{10ffff}])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`, 'u');

/** The maximum number of octets of a local part (RFC 5321 §4.5.3.1.1). */
const MAX_LOCAL = 64;
/** The maximum number of octets of a domain (RFC 5321 §4.5.3.1.2). */
const MAX_DOMAIN = 255;

/** Returns whether the text is an address literal with its brackets (RFC 5321 §4.1.3). */
export function isAddressLiteral(text: string): boolean {
  const literal = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(text)?.[1];
  return literal !== undefined && (isIPv4(literal) || isIPv6(literal));
}

function isLocalPart(text: string): boolean {
  return Buffer.byteLength(text) <= MAX_LOCAL && (DOT_STRING.test(text) || QUOTED_STRING.test(text));
}

function isDomain(text: string): boolean {
  if (isAddressLiteral(text)) return true;
  return Buffer.byteLength(text) <= MAX_DOMAIN && DOMAIN.test(text) && !isIPv4(text);
}

/**
 * Returns whether an address has a domain, well-formed or not. An `@` within a quoted local part does not begin
 * a domain.
 */
export const hasDomain = (address: string): boolean =>
  address.replace(/^"(?:[^"\\]|\\.)*"/, '').includes('@');

/** Returns whether an address with a domain conforms to the grammar of a mailbox. */
export function isMailbox(address: string): boolean {
  const at = address.lastIndexOf('@');
  return at !== -1 && isLocalPart(address.slice(0, at)) && isDomain(address.slice(at + 1));
}
