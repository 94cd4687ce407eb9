/** Parses the address of a spam filter: `HOST:PORT`, or the path of a Unix socket. */

export type FilterAddress = { readonly host: string; readonly port: number } | { readonly path: string };

const HOST_AND_PORT = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i;

/**
 * Parses the address of a spam filter. Throws an `Error` whose message completes the sentence "… cannot be
 * used: …".
 */
export function parseFilterAddress(text: string): FilterAddress {
  if (text.startsWith('/')) return { path: text };
  const match = HOST_AND_PORT.exec(text.replace(/^http:\/\//i, '').replace(/\/$/, ''));
  const port = Number(match?.[3] ?? 0);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Error('write HOST:PORT, or the full path of a Unix socket');
  }
  return { host, port };
}

export const inWords = (address: FilterAddress): string =>
  'path' in address ? address.path : `${address.host}:${address.port}`;
