/**
 * Patterns of the allow and deny lists: `ann@example.test`, `*@example.test`, `example.test` (everybody there),
 * `*.example.test` (its subdomains), `*` (everybody). `*` stands for any characters, within its side of the `@`.
 */
import { dnsDomain } from './address.ts';
import type { RelayAddress } from './address.ts';

export interface AddressPattern {
  readonly text: string;
  matches(address: RelayAddress): boolean;
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
const glob = (text: string): RegExp => new RegExp(`^${text.split('*').map(escape).join('.*')}$`, 'u');

/** Throws an `Error` that says what is wrong with it. */
export function parseAddressPattern(text: string): AddressPattern {
  const given = text.trim().toLowerCase();
  const at = given.lastIndexOf('@');
  const domain = given.slice(at + 1);
  if (given === '' || domain === '' || /\s/.test(given)) throw new Error(`${text} is no address or domain`);
  const local = at < 0 ? null : glob(given.slice(0, at));
  const place = glob(domain.includes('*') ? asciiGlob(domain) : (dnsDomain(domain) ?? domain));
  return {
    text: given,
    matches: (address) =>
      place.test(address.domain.toLowerCase()) && (local === null || local.test(address.local.toLowerCase())),
  };
}

/** Labels without a wildcard as the DNS has them. */
const asciiGlob = (domain: string): string =>
  domain
    .split('.')
    .map((label) => (label.includes('*') ? label : (dnsDomain(label) ?? label)))
    .join('.');
