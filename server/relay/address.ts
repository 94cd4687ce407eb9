/**
 * Parses the addresses to which the relay sends: the local part is unchanged, and the domain is in the form
 * that the DNS uses.
 */
import { unquotedLocal } from '../../contract/text/address.ts';
import { asciiDomain } from '../message/canonical-address.ts';

export interface RelayAddress {
  readonly local: string;
  /** The domain in lower case, IDN as A-labels (RFC 5890), or an address literal in brackets (RFC 5321 §4.1.3). */
  readonly domain: string;
}

// The syntax of a local part (RFC 5321 §4.1.2), including the non-ASCII characters of RFC 6531.
const LOCAL = /^(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|[^\s"(),:;<>@[\\\]]+)$/u;
/** The maximum length of a local part in octets (RFC 5321 §4.5.3.1). */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 255;
const LABELS = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

/** Parses an address; returns `null` for an invalid address. */
export function parseRelayAddress(address: string): RelayAddress | null {
  const at = address.lastIndexOf('@');
  const local = unquotedLocal(address.slice(0, Math.max(0, at)));
  const domain = at < 0 ? null : dnsDomain(address.slice(at + 1));
  if (domain === null || !LOCAL.test(local) || Buffer.byteLength(local) > MAX_LOCAL) return null;
  return { local, domain };
}

export const addressText = ({ local, domain }: RelayAddress): string => `${local}@${domain}`;

/**
 * Converts a domain to lower case and A-labels, and accepts an address literal; returns `null` if the text is
 * neither.
 */
export function dnsDomain(text: string): string | null {
  if (/^\[(?:IPv6:)?[0-9a-f:.]+\]$/i.test(text)) return text;
  const ascii = asciiDomain(text);
  return ascii !== null && ascii.length <= MAX_DOMAIN && LABELS.test(ascii) ? ascii : null;
}

/**
 * Returns whether an address contains non-ASCII characters, which means that SMTPUTF8 is needed to send to
 * it.
 */
export const needsUtf8 = (address: string): boolean => /[^\x00-\x7f]/.test(address); // eslint-disable-line no-control-regex
