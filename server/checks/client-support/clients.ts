/**
 * Mail clients by name. A client is `family.platform`, e.g. `gmail.ios`; a pattern has `*` on either side, or is a
 * family alone, which means all its platforms. The table of what they support is not needed for this.
 */
import { CLIENTS } from './client-names.ts';

/** Every client that any feature was tested in, in alphabetical order. */
export const allClients = CLIENTS;

function matches(client: string, pattern: string): boolean {
  const [family = '*', platform = '*'] = pattern.toLowerCase().split('.');
  const [itsFamily, itsPlatform] = client.split('.');
  return (family === '*' || family === itsFamily) && (platform === '*' || platform === itsPlatform);
}

/** Whether a client is among those named; no names at all mean every client. */
export const isClientWanted = (client: string, wanted: readonly string[]): boolean =>
  wanted.length === 0 || wanted.some((pattern) => matches(client, pattern));

/** What is wrong with a name or pattern that names no known client; `null` when it names one. */
export function clientMistake(pattern: string): string | null {
  if (CLIENTS.some((client) => matches(client, pattern))) return null;
  const family = pattern.toLowerCase().split('.')[0] ?? '';
  const near = CLIENTS.filter((client) => matches(client, family));
  const families = [...new Set(CLIENTS.map((client) => client.split('.')[0]))];
  const known = near.length > 0 ? near : families.map((name) => `${name}.*`);
  return `there is no client ${pattern}; known are ${known.join(', ')}`;
}
