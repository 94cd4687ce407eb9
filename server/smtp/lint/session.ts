/** What the session and the envelope say: HELO's name, addresses, sizes. */
import { isIPv4, isIPv6 } from 'node:net';
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import { finding, type LintRuleId } from './finding.ts';

const NAME = /^(?=.{1,255}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}\.?$/;

/** A domain name of two labels or more, or an address literal (RFC 5321 §4.1.3). */
export function isHostName(name: string): boolean {
  const literal = /^\[(?:IPv6:)?([^\]]+)\]$/i.exec(name)?.[1];
  return literal === undefined ? NAME.test(name) && !isIPv4(name) : isIPv4(literal) || isIPv6(literal);
}

// eslint-disable-next-line no-control-regex
const NOT_ASCII = /[^\x00-\x7f]/;

function repeated(addresses: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return addresses.find((address) => seen.size === seen.add(address.toLowerCase()).size);
}

/**
 * @param oddities what was noted while the session went on.
 * @param size octets of the message.
 */
export function lintSession(
  helo: string | null,
  oddities: ReadonlySet<LintRuleId>,
  envelope: Envelope,
  size: number,
): Finding[] {
  const found = [...oddities].map((rule) => finding(rule));
  if (helo !== null && !isHostName(helo)) found.push(finding('helo-not-a-name', { excerpt: helo }));
  const { parameters } = envelope.from;
  const addresses = [envelope.from, ...envelope.to].map(({ address }) => address);
  const foreign =
    parameters['SMTPUTF8'] === undefined && addresses.find((address) => NOT_ASCII.test(address));
  if (typeof foreign === 'string') found.push(finding('utf8-address-without-smtputf8', { excerpt: foreign }));
  if (envelope.to.length > 1) {
    const twice = repeated(envelope.to.map(({ address }) => address));
    if (twice !== undefined) found.push(finding('duplicate-recipient', { excerpt: twice }));
  }
  const declared = Number(parameters['SIZE'] ?? 0);
  if (declared > 0 && declared < size) {
    found.push(finding('size-understated', { excerpt: `SIZE=${declared}, received ${size}` }));
  }
  return found;
}
