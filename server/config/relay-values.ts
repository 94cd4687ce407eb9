/** Kinds of option value that only the relay has. They are checked here, so that a bad one ends the start. */
import { isIP } from 'node:net';
import { parseApplication } from '../relay/application.ts';
import { parseAddressPattern } from '../relay/address-pattern.ts';
import { parseOverride } from '../relay/override.ts';
import { parseSmartHost } from '../relay/smart-host.ts';
import { list, quote, single, ValueError } from './values.ts';

/** The text itself, once `check` has not thrown. */
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

/** Any port does: what is checked is the rest. */
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
    throw new ValueError(`is a port from 1 to ${MAX_PORT}, not ${quote(text)}`);
  return port;
});

/** An IP address, for a DNS server must be found without asking one; `[…]` around IPv6 where a port follows. */
export const hostAndPort = single<string | null>('HOST:PORT', (text) => {
  const match = /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2] ?? text;
  if (isIP(host) === 0 || Number(match?.[3] ?? 1) > MAX_PORT || match?.[3] === '0') {
    throw new ValueError(`is an IP address, with a port or without, not ${quote(text)}`);
  }
  return text;
});
