/**
 * Patterns of the relay's allow and deny lists: `ann@example.test`, `*@example.test`, `example.test` (all
 * addresses of the domain), `*.example.test` (the addresses of its subdomains), `*` (all addresses). `*`
 * stands for any characters on one side of the `@`.
 */
import { addressSpellings, canonicalGlob } from '../message/canonical-address.ts';
import { addressText, type RelayAddress } from './address.ts';

export interface AddressPattern {
  readonly text: string;
  matches(address: RelayAddress): boolean;
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const globRegex = (text: string): RegExp => new RegExp(`^${text.split('*').map(escape).join('.*')}$`, 'u');

/** Parses a pattern. Throws an `Error` that describes what is wrong with the pattern. */
export function parseAddressPattern(text: string): AddressPattern {
  const glob = canonicalGlob(text);
  const at = glob.lastIndexOf('@');
  const domain = glob.slice(at + 1);
  if (domain === '' || /\s/.test(glob)) {
    throw new Error(`${text.trim() === '' ? 'an empty text' : text} is not an address or a domain`);
  }
  const local = at < 0 ? null : globRegex(glob.slice(0, at));
  const place = globRegex(domain);
  return {
    text: text.trim().toLowerCase(),
    matches: (address) =>
      addressSpellings(addressText(address)).some((spelling) => {
        const end = spelling.lastIndexOf('@');
        return place.test(spelling.slice(end + 1)) && (local === null || local.test(spelling.slice(0, end)));
      }),
  };
}
