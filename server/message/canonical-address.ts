/**
 * Computes the canonical form of an address, by which the server determines whether two spellings mean the same
 * mailbox. The form is the name of the account and is displayed to users: lower case, NFC, the domain in
 * Unicode (U-labels, RFC 5890 §2.3.2.1). Accounts, logins, rules and the lists of the relay compare addresses
 * in this form.
 */
import { domainToASCII, domainToUnicode } from 'node:url';
import { LAST_DOT, lowerCase, NOT_OF_A_DOMAIN, unquotedLocal } from '../../contract/text/address.ts';

/** Matches printable ASCII without white space. */
const ASCII = /^[!-~]*$/;
const A_LABEL = /xn--/i;

/**
 * Returns a domain in lower case with A-labels, as in the DNS (RFC 5891 §4), without the dot of the root. Returns
 * `null` for a domain that IDNA does not allow. The labels of an ASCII domain are not checked.
 */
export function asciiDomain(text: string): string | null {
  const domain = text.replace(LAST_DOT, '');
  if (ASCII.test(domain) && !A_LABEL.test(domain)) return domain.toLowerCase();
  if (NOT_OF_A_DOMAIN.test(domain)) return null;
  const ascii = domainToASCII(domain);
  return ascii === '' ? null : ascii;
}

/**
 * Returns a domain in lower case with U-labels. A domain that IDNA does not allow is only converted to lower case.
 */
function unicodeDomain(text: string): string {
  const ascii = asciiDomain(text);
  if (ascii === null) return lowerCase(text);
  // A domain without A-labels is returned unchanged. The conversion would be slow, because Node parses a URL
  // for it.
  if (!A_LABEL.test(ascii)) return ascii;
  const unicode = domainToUnicode(ascii);
  // Some A-labels decode to a domain that encodes to different A-labels. Such domains are not converted to
  // Unicode.
  return asciiDomain(unicode) === ascii ? unicode : ascii;
}

/** Returns the canonical form of an address, or of a name without a domain such as `postmaster`. */
export function canonicalAddress(address: string): string {
  const text = address.trim();
  const at = text.lastIndexOf('@');
  if (at === -1) return lowerCase(text);
  return `${lowerCase(unquotedLocal(text.slice(0, at)))}@${unicodeDomain(text.slice(at + 1))}`;
}

export const isSameAddress = (one: string, other: string): boolean =>
  one === other || canonicalAddress(one) === canonicalAddress(other);

/** The characters that IDNA treats as dots. */
const DOTS = /[.\u3002\uff0e\uff61]/;
const WILDCARD = /[*?]/;

/**
 * Returns an address pattern (glob) with each label of its domain in canonical form. A label with a wildcard is
 * only converted to lower case, so the pattern has to be compared with all spellings of an address. A pattern
 * without `@` is a domain.
 */
export function canonicalGlob(glob: string): string {
  const text = glob.trim();
  const at = text.lastIndexOf('@') + 1;
  const labels = text
    .slice(at)
    .split(DOTS)
    .map((label) => (WILDCARD.test(label) ? lowerCase(label) : unicodeDomain(label)));
  return (
    lowerCase(unquotedLocal(text.slice(0, Math.max(0, at - 1)))) + (at === 0 ? '' : '@') + labels.join('.')
  );
}

/**
 * Returns the spellings of an address: the canonical form, and the form with A-labels if the domain has
 * characters outside ASCII.
 */
export function addressSpellings(address: string): readonly string[] {
  const canonical = canonicalAddress(address);
  const at = canonical.lastIndexOf('@') + 1;
  const ascii = at === 0 ? null : asciiDomain(canonical.slice(at));
  const encoded = ascii === null ? canonical : canonical.slice(0, at) + ascii;
  return encoded === canonical ? [canonical] : [canonical, encoded];
}
