/**
 * The DNS look-ups of the relay. An empty answer is a return value; a failed look-up throws a `DnsFailure`.
 */
import { Resolver } from 'node:dns/promises';

export interface MxRecord {
  readonly exchange: string;
  readonly priority: number;
}

/**
 * The records of a domain name. `null`: the name does not exist. An empty list: the name exists, but has no
 * records of the requested type.
 */
export type Records<T> = readonly T[] | null;

export interface MailResolver {
  mx(domain: string): Promise<Records<MxRecord>>;
  /** Looks up IPv4 addresses. */
  a(name: string): Promise<Records<string>>;
  /** Looks up IPv6 addresses. */
  aaaa(name: string): Promise<Records<string>>;
  cname(name: string): Promise<Records<string>>;
  /** Looks up TXT records; the strings of each record are joined to one string. */
  txt(name: string): Promise<Records<string>>;
}

/** The error for a DNS look-up that failed temporarily. */
export class DnsFailure extends Error {
  override readonly name = 'DnsFailure';

  constructor(name: string, type: string, cause: unknown) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    super(`The DNS lookup failed for ${name} ${type} (${code.replace(/^E/, '').toLowerCase()})`, { cause });
  }
}

/**
 * The timeout of the first DNS query in milliseconds; the resolver library c-ares doubles it for each further
 * query.
 */
const TIMEOUT = 3000;
const TRIES = 3;

/**
 * Creates a resolver.
 *
 * @param server `HOST:PORT` of a DNS server; `null` for the DNS servers of the operating system
 */
export function dnsResolver(server: string | null): MailResolver {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (server !== null) resolver.setServers([server]);
  const ask = async <T>(name: string, type: string, query: () => Promise<T[]>): Promise<Records<T>> => {
    try {
      return await query();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOTFOUND') return null;
      if (code === 'ENODATA') return [];
      throw new DnsFailure(name, type, error);
    }
  };
  return {
    mx: (domain) => ask(domain, 'MX', () => resolver.resolveMx(domain)),
    a: (name) => ask(name, 'A', () => resolver.resolve4(name)),
    aaaa: (name) => ask(name, 'AAAA', () => resolver.resolve6(name)),
    cname: (name) => ask(name, 'CNAME', () => resolver.resolveCname(name)),
    txt: (name) =>
      ask(name, 'TXT', async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
  };
}
