/**
 * The kinds of option values that only the relay uses. Values are validated when the configuration is read,
 * so that an invalid value prevents the start.
 */
import { isIP } from 'node:net';
import { parseApplication } from '../relay/application.ts';
import { parseAddressPattern } from '../relay/address-pattern.ts';
import { parseOverride } from '../relay/override.ts';
import { parseSmartHost } from '../relay/smart-host.ts';
import { list, quote, single, ValueError } from './values.ts';

/**
 * Returns a parser that returns the text of a value unchanged if `check` does not throw; otherwise it throws
 * `ValueError`.
 */
const checked =
  (check: (text: string) => unknown) =>
  (text: string): string => {
    try {
      check(text);
    } catch (error) {
      throw new ValueError(`cannot be used: ${(error as Error).message}`);
    }
    return text;
  };

export const addressPatterns = list('PATTERN', checked(parseAddressPattern));

/**
 * An option with the routes of the relay. Only the syntax is checked here, so the port that is passed to the
 * parser has no meaning.
 */
export const relayRoutes = list(
  'DOMAIN=HOST[:PORT]',
  checked((text) => parseOverride(text, 1)),
);

export const applicationUrl = single<string | null>('URL', checked(parseApplication));

export const smartHost = single<string | null>('URL', checked(parseSmartHost));

const MAX_PORT = 65_535;

export const remotePort = single('PORT', (text) => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > MAX_PORT)
    throw new ValueError(`must be a port from 1 to ${MAX_PORT}, not ${quote(text)}`);
  return port;
});

/**
 * An option with the address of a DNS server, with or without a port. It must be an IP address, because a
 * name could not be resolved without DNS. An IPv6 address before a port is enclosed in `[…]`.
 */
export const hostAndPort = single<string | null>('HOST:PORT', (text) => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2] ?? text;
  if (isIP(host) === 0 || Number(match?.[3] ?? 1) > MAX_PORT || match?.[3] === '0') {
    throw new ValueError(`must be an IP address, with or without a port, not ${quote(text)}`);
  }
  return text;
});
