/**
 * Matches the names of mail clients. A client is named `family.platform`, e.g. `gmail.ios`. A pattern has `*`
 * in place of the family or the platform, or is a family alone, which means all platforms of the family. This
 * module does not load the large table of supported features.
 */
import { CLIENTS } from './client-names.ts';

/** All mail clients in which a feature was tested, in alphabetical order. */
export const allClients = CLIENTS;

function matches(client: string, pattern: string): boolean {
  const [family = '*', platform = '*'] = pattern.toLowerCase().split('.');
  const [itsFamily, itsPlatform] = client.split('.');
  return (family === '*' || family === itsFamily) && (platform === '*' || platform === itsPlatform);
}

/** Whether a client matches one of the patterns in `wanted`; an empty list matches every client. */
export const isClientWanted = (client: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((pattern) => matches(client, pattern));

/** Returns a sentence that lists the known clients if no client matches the pattern; otherwise `null`. */
export function clientMistake(pattern: string): string | null {
  if (CLIENTS.some((client) => matches(client, pattern))) return null;
  const family = pattern.toLowerCase().split('.')[0] ?? '';
  const near = CLIENTS.filter((client) => matches(client, family));
  const families = [...new Set(CLIENTS.map((client) => client.split('.')[0]))];
  const known = near.length > 0 ? near : families.map((name) => `${name}.*`);
  return `unknown client ${pattern}; the known clients are ${known.join(', ')}`;
}

/** Returns the clients that a pattern matches. */
export const matchingClients = (pattern: string): readonly string[] =>
  CLIENTS.filter((client) => matches(client, pattern));
