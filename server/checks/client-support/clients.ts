/**
 * Matches the names of mail clients. A client is `family.platform`, e.g. `gmail.ios`. A pattern has `*` in place of
 * either name, or is a family alone, which means all its platforms. The large table of supported features is not
 * loaded for this.
 */
import { CLIENTS } from './client-names.ts';

/** All clients in which a feature was tested, in alphabetical order. */
export const allClients = CLIENTS;

function matches(client: string, pattern: string): boolean {
  const [family = '*', platform = '*'] = pattern.toLowerCase().split('.');
  const [itsFamily, itsPlatform] = client.split('.');
  return (family === '*' || family === itsFamily) && (platform === '*' || platform === itsPlatform);
}

/** Whether a client matches one of the patterns; an empty list matches every client. */
export const isClientWanted = (client: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((pattern) => matches(client, pattern));

/**
 * Returns a sentence that lists the known clients, for a pattern without a match; `null` for a pattern with a match.
 */
export function clientMistake(pattern: string): string | null {
  if (CLIENTS.some((client) => matches(client, pattern))) return null;
  const family = pattern.toLowerCase().split('.')[0] ?? '';
  const near = CLIENTS.filter((client) => matches(client, family));
  const families = [...new Set(CLIENTS.map((client) => client.split('.')[0]))];
  const known = near.length > 0 ? near : families.map((name) => `${name}.*`);
  return `unknown client ${pattern}; the known clients are ${known.join(', ')}`;
}
