/**
 * Compares mail addresses in different spellings, and formats an address with a display name. The functions
 * also run in browsers; server/message/canonical-address.ts adds the conversion of domains, which needs Node.
 */
import type { Address } from '../index.ts';

const ASCII = /^[!-~]*$/;
/**
 * Matches characters that end or change the host of a URL. A domain with such a character must not be
 * converted with `URL`, which would cut or decode it.
 */
export const NOT_OF_A_DOMAIN = /[\s/\\?#:%@[\]<>^|]/;
/** Matches the full stop at the end of a domain, in each of the forms that IDNA permits (RFC 3490 §3.1). */
export const LAST_DOT = /[.\u3002\uff0e\uff61]$/;
/** Matches a quoted local part that needs no quotes: `"ann.b"` is equivalent to `ann.b` (RFC 5321 §4.1.2). */
const NEEDLESS_QUOTES = /^"([^\s"(),:;<>@[\\\].]+(?:\.[^\s"(),:;<>@[\\\].]+)*)"$/u;

/**
 * Returns a text in lower case and Unicode normal form C. The text is normalised before the conversion to lower
 * case, so that a combining mark is part of its letter, and again afterwards, because the conversion may
 * decompose the letter.
 */
export const lowerCase = (text: string): string => text.normalize('NFC').toLowerCase().normalize('NFC');

function domainKey(text: string): string {
  const domain = text.replace(LAST_DOT, '');
  if (ASCII.test(domain) || NOT_OF_A_DOMAIN.test(domain)) return lowerCase(domain);
  const url = `http://${domain}`;
  return URL.canParse(url) ? new URL(url).hostname : lowerCase(domain);
}

/** Returns the local part of an address; quotes that are not needed are removed. */
export const unquotedLocal = (local: string): string => NEEDLESS_QUOTES.exec(local)?.[1] ?? local;

/**
 * Returns a key that is the same for all spellings of an address: NFC, lower case, the domain with A-labels
 * (RFC 5890 §2.3.2.1). The key serves only for comparisons; the form that is shown to users is returned by
 * the server's `canonicalAddress`.
 */
export function addressKey(address: string): string {
  const text = address.trim();
  const at = text.lastIndexOf('@') + 1;
  if (at === 0) return lowerCase(text);
  const local = text.slice(0, at - 1);
  return `${lowerCase(unquotedLocal(local))}@${domainKey(text.slice(at))}`;
}

/**
 * Returns `Name <address>`, with the name in quotes if it contains special characters; returns only the address if
 * the name is empty.
 */
export const formatMailbox = ({ name, address }: Address): string =>
  name === '' ? address : `${/[",<>@]/.test(name) ? JSON.stringify(name) : name} <${address}>`;
