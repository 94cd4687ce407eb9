/**
 * MTA-STS policies of domains (RFC 8461), cached in the store: found by a TXT record, fetched over HTTPS, kept until
 * they expire. A policy that was seen stays in force until then, even when the record or the web server is gone.
 */
import type { RecordSet } from '../../store/store.ts';
import { isPrivateAddress } from '../../net/private-address.ts';
import type { MailResolver } from '../resolver.ts';
import type { PolicyFetch } from './fetch.ts';

export interface StsPolicy {
  readonly id: string;
  readonly mode: 'enforce' | 'testing' | 'none';
  /** Names of mail servers; `*.` stands for one label. */
  readonly mx: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface StsAnswer {
  readonly policy: StsPolicy | null;
  /** What there was to say on the way, for the attempt's log. */
  readonly note: string | null;
}

export interface PoliciesWorld {
  readonly resolver: MailResolver;
  readonly cache: RecordSet<StsPolicy>;
  readonly fetch: PolicyFetch;
  readonly allowPrivate: boolean;
  readonly clock: () => number;
}

/** After a failed fetch, RFC 8461 §3.3: not again for five minutes. */
const PAUSE = 300_000;
/** RFC 8461 §3.2: about a year at most. */
const MAX_AGE = 31_557_600;

export class StsPolicies {
  readonly #world: PoliciesWorld;
  readonly #failedAt = new Map<string, number>();

  constructor(world: PoliciesWorld) {
    this.#world = world;
  }

  /** The policy in force for a domain. Never rejects: without an answer there is none, or the cached one. */
  async policyFor(domain: string): Promise<StsAnswer> {
    const { cache, clock } = this.#world;
    const now = clock();
    const cached = await cache.get(domain);
    const valid = cached !== undefined && cached.expiresAt > now ? cached : null;
    try {
      const id = await this.#id(domain);
      if (id === null || id === valid?.id) return { policy: valid, note: null };
      if ((this.#failedAt.get(domain) ?? -Infinity) > now - PAUSE) return { policy: valid, note: null };
      const policy = await this.#fetch(domain, id);
      await cache.put(domain, policy);
      this.#failedAt.delete(domain);
      return { policy, note: null };
    } catch (error) {
      this.#failedAt.set(domain, now);
      return { policy: valid, note: `MTA-STS policy of ${domain}: ${(error as Error).message}` };
    }
  }

  async #id(domain: string): Promise<string | null> {
    const { resolver } = this.#world;
    const lookup = async (name: string): Promise<string[][]> =>
      ((await resolver.txt(name)) ?? []).map((text) => [text]);
    const { default: mtaSts } = await import('mailauth/lib/mta-sts.js');
    const id = await mtaSts.resolvePolicy(domain, { resolver: lookup });
    return id === false ? null : id;
  }

  async #fetch(domain: string, id: string): Promise<StsPolicy> {
    const { resolver, fetch, allowPrivate, clock } = this.#world;
    const host = `mta-sts.${domain}`;
    const known = [...((await resolver.a(host)) ?? []), ...((await resolver.aaaa(host)) ?? [])];
    const address = known.find((candidate) => allowPrivate || !isPrivateAddress(candidate));
    if (address === undefined) throw new Error(`${host} has no address that may be asked`);
    const { default: mtaSts } = await import('mailauth/lib/mta-sts.js');
    const { mode, mx = [], maxAge = 0 } = mtaSts.parsePolicy(await fetch({ host, address }));
    const expiresAt = clock() + Math.min(maxAge, MAX_AGE) * 1000;
    return { id, mode, mx: mx.map((name) => name.toLowerCase()), expiresAt };
  }
}

/** RFC 8461 §4.1: `*.` stands for exactly one label at the left. */
export function allowsHost({ mx }: Pick<StsPolicy, 'mx'>, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return mx.some((pattern) =>
    pattern.startsWith('*.') ? name.slice(name.indexOf('.')) === pattern.slice(1) : name === pattern,
  );
}
