/**
 * Requests each web URL of a message once: several hosts at the same time, but only one request per host at a
 * time. Results are cached.
 */
import type { Finding } from '../../message/finding.ts';
import { linkKind } from '../../message/link-kind.ts';
import { copyOf } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import type { CheckOutcome, LiveMessage } from '../check.ts';
import { cutShort } from '../cut-short.ts';
import { job, type LinkAddress } from './addresses-job.ts';
import { journeyFindings } from './findings.ts';
import { follow, type Journey } from './follow.ts';
import { find } from './catalogue.ts';

export interface LinksOptions {
  /** Whether the check may request private and loopback addresses. */
  readonly allowPrivate: boolean;
  /** Returns the current time in milliseconds since the epoch. */
  readonly clock: () => number;
  /** The worker threads that parse messages. */
  readonly threads: ThreadPool;
}

/** The maximum number of URLs that are requested per message. */
const MAX_LINKS = 100;
/** The maximum number of hosts that receive a request at the same time. */
const AT_ONCE = 6;
/** The time for which a result is cached, in milliseconds. */
const REMEMBERED_FOR = 300_000;
/** The maximum number of cached results. */
const REMEMBERED = 1_000;

const ACTING = new Set(['verify', 'reset', 'signin', 'invite', 'unsubscribe']);

interface Asked {
  readonly address: LinkAddress;
  readonly url: URL;
  readonly journey: Journey;
}

export class Memory {
  readonly #clock: () => number;
  readonly #known = new Map<string, { at: number; readonly journey: Journey }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get(href: string): Journey | undefined {
    const known = this.#known.get(href);
    if (known === undefined) return undefined;
    // If the clock was set back, the time of a cached result may be in the future; it is then replaced by the
    // current time.
    known.at = Math.min(known.at, this.#clock());
    return this.#clock() - known.at < REMEMBERED_FOR ? known.journey : undefined;
  }

  set(href: string, journey: Journey): void {
    this.#known.delete(href);
    this.#known.set(href, { at: this.#clock(), journey });
    const [oldest] = this.#known.keys();
    if (this.#known.size > REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Runs `work` for each item: `AT_ONCE` hosts at a time, and the items of each host one after another. */
async function byHost<T extends { readonly url: URL }>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queues = new Map<string, T[]>();
  for (const item of items) {
    const queue = queues.get(item.url.host) ?? [];
    queue.push(item);
    queues.set(item.url.host, queue);
  }
  const hosts = [...queues.values()];
  const worker = async (): Promise<void> => {
    for (let queue = hosts.shift(); queue !== undefined; queue = hosts.shift()) {
      for (const item of queue) await work(item);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** A requested URL in the details of the result. */
export interface LinkDetail {
  readonly url: string;
  readonly use: LinkAddress['use'];
  readonly state: Journey['ending']['kind'];
  /** The status of the last response; `null` without a response. */
  readonly status: number | null;
  readonly type: string | null;
  /** The size of the response in octets, if the server reports it. */
  readonly size: number | null;
  readonly reason: string | null;
  readonly redirects: Journey['hops'];
  /** The duration of all requests in milliseconds. */
  readonly took: number;
}

const detailOf = ({ address, url, journey: { hops, ending, took } }: Asked): LinkDetail => ({
  url: url.href,
  use: address.use,
  state: ending.kind,
  status: ending.kind === 'answered' ? ending.head.status : null,
  type: ending.kind === 'answered' ? ending.head.type : null,
  size: ending.kind === 'answered' ? ending.head.length : null,
  reason: 'reason' in ending ? ending.reason : null,
  redirects: hops,
  took,
});

export async function askLinks(
  { raw }: LiveMessage,
  { allowPrivate, threads }: LinksOptions,
  memory: Memory,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const { addresses, total } = await threads.run(
    job,
    async () => ({ raw: await copyOf(raw), limit: MAX_LINKS }),
    { signal },
  );
  const asked: Asked[] = [];
  await byHost(
    addresses.map((address) => ({ address, url: new URL(address.url) })),
    async ({ address, url }) => {
      if (signal.aborted) return;
      const acts = address.use === 'link' && ACTING.has(linkKind(address.text, address.href));
      const known = memory.get(url.href);
      const journey = known ?? (await follow(url, { allowPrivate, acts, signal }));
      if (known === undefined && journey.ending.kind !== 'slow') memory.set(url.href, journey);
      asked.push({ address, url, journey });
    },
  );
  const order = new Map(addresses.map((address, index) => [address, index]));
  asked.sort((a, b) => (order.get(a.address) ?? 0) - (order.get(b.address) ?? 0));
  const findings: Finding[] = asked.flatMap(({ address, journey }) => [...journeyFindings(address, journey)]);
  if (total > MAX_LINKS) {
    findings.push(
      find('more-links', null, { message: `Only the first ${MAX_LINKS} of ${total} URLs were requested` }),
    );
  }
  const left = addresses.length - asked.length;
  if (left > 0) findings.push(cutShort('links', `${left} URLs were not requested before the time limit`));
  return { findings, score: null, details: { links: asked.map(detailOf) } };
}
