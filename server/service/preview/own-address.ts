/**
 * Recognizes the addresses of this machine's listeners. A previewed message must not load from these
 * addresses, even if the reader requested network content.
 */
import net from 'node:net';
import type { Endpoint } from '../../../contract/index.ts';
import { isLocalName } from './local-name.ts';

const DEFAULT_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

/** Matches the loopback addresses, and the unspecified address, which browsers treat as the local machine. */
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:7f)/;

/** The addresses of the listeners of this machine, as plain data that can be passed to a thread. */
export interface OwnAddresses {
  readonly ports: readonly number[];
  /** The addresses by which other machines can reach the listeners. */
  readonly names: readonly string[];
  /**
   * The host and port by which the current request addresses this server; empty for a request without the
   * field Host.
   */
  readonly authority: string;
}

export const ownAddresses = (
  endpoints: readonly Endpoint[],
  hosts: readonly string[],
  host: string | undefined,
): OwnAddresses => ({
  ports: endpoints.map(({ port }) => port),
  names: [...hosts],
  authority: host?.toLowerCase() ?? '',
});

export function isOwnAddress(url: URL, { ports, names, authority }: OwnAddresses): boolean {
  if (url.host === authority) return true;
  const port = url.port === '' ? DEFAULT_PORTS.get(url.protocol) : Number(url.port);
  const bare = url.hostname.replace(/^\[|\]$/g, '');
  const isHere =
    net.isIP(bare) === 0 ? isLocalName(url.hostname) : LOOPBACK.test(bare) || names.includes(bare);
  return isHere && ports.includes(port ?? 0);
}
