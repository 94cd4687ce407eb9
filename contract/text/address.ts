/**
 * Addresses as text: the comparison of two spellings, and the form with a name. The functions run in browsers too;
 * server/message/canonical-address.ts adds the conversion of domains that Node has.
 */
import type { Address } from '../index.ts';

const ASCII = /^[!-~]*$/;
/** Characters that end or change the host of a URL: a conversion by a URL would cut the domain there or decode it. */
export const NOT_OF_A_DOMAIN = /[\s/\\?#:%@[\]<>^|]/;
/** The dots that IDNA takes for a full stop (RFC 3490 §3.1), at the end of a domain. */
export const LAST_DOT = /[.\u3002\uff0e\uff61]$/;
/** A quoted local part that needs no quotes: `"ann.b"` is `ann.b` (RFC 5321 §4.1.2). */
const NEEDLESS_QUOTES = /^"([^\s"(),:;<>@[\\\].]+(?:\.[^\s"(),:;<>@[\\\].]+)*)"$/u;

/** Normalises before, so that a combining mark is part of its letter, and after, as lower case may decompose the letter. */
export const lowerCase = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

function domainKey(text: string): string {
  const domain = text.replace(LAST_DOT, '');
  if (ASCII.test(domain) || NOT_OF_A_DOMAIN.test(domain)) return lowerCase(domain);
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : lowerCase(domain);
}

/** Without quotes around a local part that needs none. */
export const unquotedLocal = (local: string): string => NEEDLESS_QUOTES.exec(local)?.[1] ?? local;

/**
 * The same for all spellings of an address: NFC, lower case, the domain with A-labels (RFC 5890 §2.3.2.1). For
 * comparisons only: the form to show is the server's `canonicalAddress`.
 */
export function addressKey(address: string): string {
  const text = address.trim();
  const at = text.lastIndexOf('@') + 1;
  if (at === 0) return lowerCase(text);
  const local = text.slice(0, at - 1);
  return `${lowerCase(unquotedLocal(local))}@${domainKey(text.slice(at))}`;
}

/** `Name <address>`, with the name in quotes if it contains special characters; the address alone without a name. */
export const formatMailbox = ({ name, address }: Address): string =>
  name === '' ? address : `${/[",<>@]/.test(name) ? JSON.stringify(name) : name} <${address}>`;
