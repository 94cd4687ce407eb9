/**
 * The MTA-STS policies of domains (RFC 8461), cached in the store. A policy is announced by a TXT record,
 * fetched over HTTPS, and cached until it expires. A cached policy stays in force until then, even if the TXT
 * record or the web server no longer exists.
 */
import type { RecordSet } from '../../store/store.ts';
import { isPrivateAddress } from '../../net/private-address.ts';
import type { MailResolver } from '../resolver.ts';
import type { PolicyFetch } from './fetch.ts';

export interface StsPolicy {
  readonly id: string;
  readonly mode: 'enforce' | 'testing' | 'none';
  /** The host names of the mail servers that the policy allows; `*.` matches one label. */
  readonly mx: readonly string[];
  /** The time when the policy expires, in milliseconds since the epoch. */
  readonly expiresAt: number;
  /**
   * The time when the policy was fetched, in milliseconds since the epoch; absent in a record that an earlier
   * version of Restante stored.
   */
  readonly fetchedAt?: number;
}

export interface StsAnswer {
  readonly policy: StsPolicy | null;
  /**
   * A note about the look-up of the policy, for the log of the delivery attempt; `null` if there is nothing
   * to note.
   */
  readonly note: string | null;
}

interface PoliciesWorld {
  readonly resolver: MailResolver;
  readonly cache: RecordSet<StsPolicy>;
  readonly fetch: PolicyFetch;
  readonly allowPrivate: boolean;
  readonly clock: () => number;
}

/**
 * The time after a failed fetch during which the policy is not fetched again, in milliseconds (RFC 8461 §3.3
 * suggests five minutes).
 */
const PAUSE = 300_000;
/** The maximum lifetime of a policy in seconds, about a year (RFC 8461 §3.2). */
const MAX_AGE = 31_557_600;

export class StsPolicies {
  readonly #world: PoliciesWorld;
  readonly #failedAt = new Map<string, number>();

  constructor(world: PoliciesWorld) {
    this.#world = world;
  }

  /**
   * Returns the policy in force for a domain. Never rejects: if the look-up fails, it returns the cached policy or
   * none.
   */
  async policyFor(domain: string): Promise<StsAnswer> {
    const { cache, clock } = this.#world;
    const now = clock();
    const cached = await this.#cached(domain, now);
    const valid = cached !== undefined && cached.expiresAt > now ? cached : null;
    try {
      const id = await this.#id(domain);
      if (id === null || id === valid?.id) return { policy: valid, note: null };
      if (this.#isPausing(domain, now)) return { policy: valid, note: null };
      const policy = await this.#fetch(domain, id);
      await cache.put(domain, policy);
      this.#failedAt.delete(domain);
      return { policy, note: null };
    } catch (error) {
      this.#failedAt.set(domain, now);
      return { policy: valid, note: `MTA-STS policy of ${domain}: ${(error as Error).message}` };
    }
  }

  /**
   * Returns the cached policy of a domain. If the clock was set back, the time of the fetch may be in the future; it is
   * then treated as the current time.
   */
  async #cached(domain: string, now: number): Promise<StsPolicy | undefined> {
    const { cache } = this.#world;
    const policy = await cache.get(domain);
    if (policy?.fetchedAt === undefined || policy.fetchedAt <= now) return policy;
    const { fetchedAt, expiresAt } = policy;
    const rebased = { ...policy, fetchedAt: now, expiresAt: now + expiresAt - fetchedAt };
    await cache.put(domain, rebased);
    return rebased;
  }

  #isPausing(domain: string, now: number): boolean {
    const failedAt = this.#failedAt.get(domain);
    if (failedAt === undefined) return false;
    const counted = Math.min(failedAt, now);
    this.#failedAt.set(domain, counted);
    return now - counted < PAUSE;
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
    if (address === undefined) throw new Error(`${host} has no address that the relay may connect to`);
    const { default: mtaSts } = await import('mailauth/lib/mta-sts.js');
    const { mode, mx = [], maxAge = 0 } = mtaSts.parsePolicy(await fetch({ host, address }));
    const fetchedAt = clock();
    const expiresAt = fetchedAt + Math.min(maxAge, MAX_AGE) * 1000;
    return { id, mode, mx: mx.map((name) => name.toLowerCase()), expiresAt, fetchedAt };
  }
}

/**
 * Returns whether a policy allows a mail server. `*.` matches exactly one label at the left (RFC 8461 §4.1).
 */
export function allowsHost({ mx }: Pick<StsPolicy, 'mx'>, host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return mx.some((pattern) =>
    pattern.startsWith('*.') ? name.slice(name.indexOf('.')) === pattern.slice(1) : name === pattern,
  );
}
