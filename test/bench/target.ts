/** The servers that the option `--target` names; the benchmark does not start them. */

/** A server to measure: its SMTP address, the URL of its message list, or both. */
export interface Target {
  readonly name: string;
  readonly smtp: { readonly host: string; readonly port: number } | null;
  readonly http: URL | null;
}

const SMTP_PORT = 25;

/** Groups URLs by server: an HTTP URL that follows an SMTP URL belongs to the same server. */
export function pairTargets(addresses: readonly URL[]): Target[] {
  const targets: Target[] = [];
  for (const url of addresses) {
    const before = targets.at(-1);
    if (url.protocol === 'smtp:') {
      const smtp = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || SMTP_PORT };
      targets.push({ name: url.host, smtp, http: null });
    } else if (before?.http === null) targets[targets.length - 1] = { ...before, http: url };
    else targets.push({ name: url.host, smtp: null, http: url });
  }
  return targets;
}

/** The usual paths of the first page of the message list in servers of this kind. */
const LISTS = [
  '/api/messages?limit=50',
  '/api/v1/messages?limit=50',
  '/api/v2/messages?limit=50',
  '/api/email?limit=50',
  '/email',
  '/messages',
];

/**
 * Returns the URL of a server's message list: the given URL if it has a path, otherwise the first known path that
 * responds with JSON.
 *
 * @throws Error if no known path responds with JSON
 */
export async function listAddress(base: URL): Promise<URL> {
  if (base.pathname !== '/' || base.search !== '') return base;
  for (const path of LISTS) {
    const url = new URL(path, base);
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    await response.arrayBuffer();
    if (response.ok && response.headers.get('content-type')?.includes('json') === true) return url;
  }
  throw new Error(`No list of mail is known at ${base.href}: give its path with --target`);
}
