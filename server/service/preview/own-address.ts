/** Addresses of this machine's own listeners, by whatever name: mail has no business there, even with the network on. */
import net from 'node:net';
import type { Endpoint } from '../../../contract/index.ts';
import { isLocalName } from './local-name.ts';

const DEFAULT_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

/** The machine itself; browsers take the unspecified address for it, too. */
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1?$|::ffff:7f)/;

/** The listeners of this machine, as plain data for a thread. */
export interface OwnAddresses {
  readonly ports: readonly number[];
  /** Addresses by which other machines reach the listeners. */
  readonly names: readonly string[];
  /** What the request that is answered calls this server; `''` for nothing. */
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
