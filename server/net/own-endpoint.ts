/**
 * Checks whether an address and port belong to a listener of this sandbox: mail and requests sent there would loop
 * for ever.
 */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface ListenAddress {
  /** The address to which the listener is bound, possibly a wildcard address, or a host name. */
  readonly host: string;
  readonly port: number;
}

/**
 * Returns whether an address and port belong to one of the given listeners.
 *
 * @param address an IP address in any notation, as the resolver returned it
 */
export function isOwnEndpoint(address: string, port: number, endpoints: readonly ListenAddress[]): boolean {
  const target = normalAddress(address);
  return endpoints.some(({ host, port: own }) => own === port && isHeardAt(normalAddress(host), target));
}

/** Returns whether a listener that is bound to `host` accepts connections to the address `target`. */
function isHeardAt(host: string, target: string): boolean {
  if (host === target) return true;
  // A connection to the unspecified address (`0.0.0.0` or `::`) reaches the loopback address, because the system
  // redirects it.
  if (isWildcard(target)) return isWildcard(host) || isLoopback(host);
  if (isIP(host) === 0) return isLoopback(target);
  return isWildcard(host) && isOfThisMachine(target);
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::' || address === '';
const isLoopback = (address: string): boolean => /^127\.|^::1$/.test(address) || address === 'localhost';

function isOfThisMachine(address: string): boolean {
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((list) =>
    list?.some((own) => normalAddress(own.address) === address),
  );
}

/**
 * Returns an address in its normal form: without a zone, IPv6 in its shortest form (RFC 5952), an IPv4-mapped
 * address as IPv4.
 */
function normalAddress(address: string): string {
  const [plain = ''] = address
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .split('%');
  if (isIP(plain) !== 6) return plain;
  const short = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (mapped === null) return short;
  const groups = [mapped[1], mapped[2]].map((group) => parseInt(group ?? '0', 16));
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}
