/** The protocol rules about the SMTP session and the envelope: the HELO name, addresses and sizes. */
import { isIPv4 } from 'node:net';
import { canonicalAddress } from '../../message/canonical-address.ts';
import type { Envelope } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import { hasDomain, isAddressLiteral, isMailbox } from '../../smtp/mailbox.ts';
import { departure, type Departure } from '../../smtp/departure.ts';
import { find } from './catalogue.ts';

const NAME = /^(?=.{1,255}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}\.?$/;

/** Whether a name is an address literal (RFC 5321 §4.1.3) or a domain name of at least two labels. */
export const isHostName = (name: string): boolean =>
  isAddressLiteral(name) || (NAME.test(name) && !isIPv4(name));

// eslint-disable-next-line no-control-regex -- the expression must find characters outside ASCII
const NOT_ASCII = /[^\x00-\x7f]/;

function repeated(addresses: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return addresses.find((address) => seen.size === seen.add(canonicalAddress(address)).size);
}

/**
 * Converts the protocol violations of a session to findings: one finding per rule, for the first violation.
 */
function findingsOf(departures: readonly Departure[]): Finding[] {
  const byRule = new Map(departures.toReversed().map((one) => [one.rule, one]));
  return [...byRule.values()]
    .toReversed()
    .map(({ rule, excerpt }) => find(rule, excerpt === undefined ? null : { excerpt }));
}

function addressDepartures({ from, to }: Envelope): Departure[] {
  const found: Departure[] = [];
  const addresses = [from, ...to].map(({ address }) => address).filter((address) => address !== '');
  const malformed = addresses.find((address) => hasDomain(address) && !isMailbox(address));
  if (malformed !== undefined) found.push(departure('address-malformed', malformed));
  const isPostmaster = (address: string): boolean => /^postmaster$/i.test(address);
  const bare = [
    ...(isPostmaster(from.address) ? [from.address] : []),
    ...addresses.filter((a) => !isPostmaster(a)),
  ];
  const incomplete = bare.find((address) => !hasDomain(address));
  if (incomplete !== undefined) found.push(departure('address-without-domain', incomplete));
  return found;
}

/**
 * Returns the findings about an SMTP session and its envelope.
 *
 * @param departures the violations of the protocol that the SMTP server detected and tolerated
 * @param size the size of the message in octets
 */
export function sessionFindings(
  helo: string | null,
  departures: readonly Departure[],
  envelope: Envelope,
  size: number,
): Finding[] {
  const found = findingsOf([...departures, ...addressDepartures(envelope)]);
  if (helo !== null && !isHostName(helo)) found.push(find('helo-not-a-name', { excerpt: helo }));
  const { parameters } = envelope.from;
  const addresses = [envelope.from, ...envelope.to].map(({ address }) => address);
  const foreign =
    parameters['SMTPUTF8'] === undefined && addresses.find((address) => NOT_ASCII.test(address));
  if (typeof foreign === 'string') found.push(find('utf8-address-without-smtputf8', { excerpt: foreign }));
  if (envelope.to.length > 1) {
    const twice = repeated(envelope.to.map(({ address }) => address));
    if (twice !== undefined) found.push(find('duplicate-recipient', { excerpt: twice }));
  }
  const declared = Number(parameters['SIZE'] ?? 0);
  if (declared > 0 && declared < size) {
    found.push(find('size-understated', { excerpt: `SIZE=${declared}, received ${size}` }));
  }
  return found;
}
