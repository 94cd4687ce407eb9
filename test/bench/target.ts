/** Servers that somebody else started, named by `--target`: what can be measured of any of them. */

/** One server: where it takes mail, where it lists it, or both. */
export interface Target {
  readonly name: string;
  readonly smtp: { readonly host: string; readonly port: number } | null;
  readonly http: URL | null;
}

const SMTP_PORT = 25;

/** An HTTP address that follows an SMTP one is of the same server. */
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

/** Where servers of this kind have the first page of their mail. */
const LISTS = [
  '/api/messages?limit=50',
  '/api/v1/messages?limit=50',
  '/api/v2/messages?limit=50',
  '/api/email?limit=50',
  '/email',
  '/messages',
];

/**
 * Where a server lists its mail: the path given, or the first known one that answers with JSON.
 *
 * @throws when none does
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
