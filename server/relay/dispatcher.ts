/**
 * Works the queue off: finds what is due, puts recipients of one release and domain into one round, and turns
 * verdicts into states. A few rounds at once for each domain, many in all.
 */
import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import { parseRelayAddress } from './address.ts';
import { Connections } from './connections.ts';
import { isFinal, type Delivery } from './delivery.ts';
import { httpsPolicyFetch } from './mta-sts/fetch.ts';
import { StsPolicies } from './mta-sts/policies.ts';
import { DEFAULT_TIMING, type RelayOptions, type RelayTiming } from './options.ts';
import { createOutcomes } from './outcomes.ts';
import { composeOutgoing } from './outgoing.ts';
import { isOwnEndpoint } from './own-endpoint.ts';
import type { RelayPolicy } from './policy.ts';
import type { DeliveryQueue } from './queue.ts';
import { RelayRefusal } from './refusal.ts';
import { createRouter } from './route.ts';
import { runRound, type RoundWorld } from './round.ts';
import { deferred, failed, type Verdict } from './verdict.ts';

/** Rounds at once to one domain, and to all. */
const MAX_EACH = 2;
const MAX_ALL = 100;
/** Recipients of one transaction (RFC 5321 §4.5.3.1.8). */
const MAX_RECIPIENTS = 100;
/** The longest that a timer sleeps, milliseconds: clocks are set, and timers end at 2^31. */
const MAX_SLEEP = 3_600_000;

export interface Dispatcher {
  /** Begins to work; until then nothing is sent. */
  start(): void;
  /** Looks for work now. */
  wake(): void;
  isUnderWay(id: string): boolean;
  close(): Promise<void>;
}

interface DispatcherOptions extends RelayOptions {
  readonly queue: DeliveryQueue;
  readonly policy: RelayPolicy;
}

/** Thrown to withdraw a message whose last octet is sent, but not its end. */
class Withdrawn extends Error {
  override readonly name = 'Withdrawn';
}

interface Group {
  readonly domain: string;
  readonly deliveries: readonly Delivery[];
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new QueueDispatcher(options);
}

class QueueDispatcher implements Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #queue: DeliveryQueue;
  readonly #store: Store;
  readonly #logger: Logger;
  readonly #timing: RelayTiming;
  readonly #world: RoundWorld;
  readonly #outcomes: ReturnType<typeof createOutcomes>;
  readonly #underWay = new Set<string>();
  readonly #busy = new Map<string, number>();
  readonly #rounds = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | null = null;
  #running = false;

  constructor(options: DispatcherOptions) {
    const {
      config,
      resolver,
      store,
      clock,
      random,
      logger,
      queue,
      ownEndpoints = () => [],
      ca = null,
    } = options;
    this.#options = options;
    this.#queue = queue;
    this.#store = store;
    this.#logger = logger;
    this.#timing = { ...DEFAULT_TIMING, ...config.timing };
    this.#outcomes = createOutcomes({ ...options, timing: this.#timing });
    this.#world = {
      router: createRouter(config, resolver, random),
      resolver,
      policies: new StsPolicies({
        resolver,
        cache: store.records('mta-sts'),
        fetch: options.fetchPolicy ?? httpsPolicyFetch(),
        allowPrivate: config.private,
        clock,
      }),
      connections: new Connections(this.#timing.idle),
      hostname: config.hostname,
      allowPrivate: config.private,
      ca,
      timing: this.#timing,
      clock,
      isOwn: (address, port) => isOwnEndpoint(address, port, ownEndpoints()),
    };
  }

  start(): void {
    this.#running = true;
    for (const delivery of this.#queue.values()) {
      if (delivery.noticeDue !== null) this.#track(this.#outcomes.notify([delivery]));
    }
    this.wake();
  }

  wake(): void {
    if (!this.#running) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.#options.clock();
    for (const group of this.#due(now)) {
      if (this.#rounds.size >= MAX_ALL) return;
      const busy = this.#busy.get(group.domain) ?? 0;
      if (busy >= MAX_EACH) continue;
      this.#busy.set(group.domain, busy + 1);
      for (const { id } of group.deliveries) this.#underWay.add(id);
      this.#track(this.#work(group));
    }
    this.#sleep(now);
  }

  isUnderWay(id: string): boolean {
    return this.#underWay.has(id);
  }

  async close(): Promise<void> {
    this.#running = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.#timing.close)));
    await Promise.race([Promise.all([...this.#rounds, this.#world.connections.close()]), bound]);
    clearTimeout(timer);
    this.#world.connections.destroy();
  }

  #due(now: number): Group[] {
    const groups = new Map<string, { domain: string; deliveries: Delivery[] }>();
    for (const delivery of this.#queue.values()) {
      const { id, nextAttemptAt, release, to } = delivery;
      if (isFinal(delivery) || nextAttemptAt === null || nextAttemptAt > now || this.#underWay.has(id))
        continue;
      const domain = parseRelayAddress(to)?.domain ?? '';
      const key = `${release} ${domain}`;
      const group = groups.get(key) ?? { domain, deliveries: [] };
      if (group.deliveries.length < MAX_RECIPIENTS) group.deliveries.push(delivery);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  /** Until the next delivery is due. What is due and waits for its turn is woken by the end of a round. */
  #sleep(now: number): void {
    let next = Infinity;
    for (const delivery of this.#queue.values()) {
      const { nextAttemptAt } = delivery;
      if (!isFinal(delivery) && nextAttemptAt !== null && nextAttemptAt > now)
        next = Math.min(next, nextAttemptAt);
    }
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.wake(), Math.min(next - now, MAX_SLEEP));
  }

  #track(task: Promise<void>): void {
    const running = task
      .catch((error: unknown) => this.#logger.error({ err: error }, 'relay: a round failed'))
      .finally(() => {
        this.#rounds.delete(running);
        this.wake();
      });
    this.#rounds.add(running);
  }

  async #work(group: Group): Promise<void> {
    try {
      const allowed = await this.#stillAllowed(group.deliveries);
      if (allowed.length > 0) await this.#round(group.domain, allowed);
    } finally {
      this.#busy.set(group.domain, (this.#busy.get(group.domain) ?? 1) - 1);
      if (this.#busy.get(group.domain) === 0) this.#busy.delete(group.domain);
      for (const { id } of group.deliveries) this.#underWay.delete(id);
    }
  }

  /** The policy may have become narrower since the release: what it refuses now is cancelled. */
  async #stillAllowed(deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const allowed: Delivery[] = [];
    for (const delivery of deliveries) {
      try {
        this.#options.policy.judge([delivery.to], delivery.by, this.#options.clock(), () => 0);
        allowed.push(delivery);
      } catch (error) {
        if (!(error instanceof RelayRefusal)) throw error;
        await this.#queue.update(delivery.id, {
          state: 'cancelled',
          nextAttemptAt: null,
          reason: error.message,
          status: '5.7.1',
        });
      }
    }
    return allowed;
  }

  async #round(domain: string, deliveries: readonly Delivery[]): Promise<void> {
    const { config, clock } = this.#options;
    const [first] = deliveries;
    if (first === undefined) return;
    const raw = await this.#store.raw(first.message);
    const stored = await this.#store.message(first.message);
    if (raw === undefined || stored === undefined) {
      for (const { id } of deliveries) {
        const reason = 'The message was deleted';
        await this.#queue.update(id, { state: 'cancelled', nextAttemptAt: null, reason });
      }
      return;
    }
    const recipients = deliveries.map(({ to }) => parseRelayAddress(to)!);
    let verdicts: ReadonlyMap<number, Verdict>;
    try {
      const message = await composeOutgoing({
        id: first.message,
        raw,
        origin: stored.origin,
        hostname: config.hostname,
        recipients: deliveries.map(({ to }) => to),
        now: clock(),
        resending: first.resent ? this.#resending(first) : null,
        dkim: config.dkim,
      });
      verdicts = await runRound(this.#world, {
        domain,
        from: first.from,
        recipients,
        message,
        beforeEnd: (accepted) => this.#beforeEnd(accepted.map((index) => deliveries[index]!)),
        attempted: (tried, decided) => this.#outcomes.attempted(deliveries, tried, decided),
      });
    } catch (error) {
      if (error instanceof Withdrawn) return;
      this.#logger.error({ err: error, message: first.message }, 'relay: a round failed');
      const verdict = this.#running
        ? failed('5.3.0', `Something went wrong here: ${(error as Error).message}`)
        : deferred('4.3.0', 'The sandbox is closing');
      verdicts = new Map(deliveries.map((_, index) => [index, verdict]));
    }
    await this.#outcomes.settle(deliveries, verdicts, stored, raw);
  }

  #resending({ release, createdAt }: Delivery) {
    const recipients = this.#queue
      .list({})
      .filter((delivery) => delivery.release === release)
      .map(({ to }) => to)
      .reverse();
    return { release, at: createdAt, recipients };
  }

  /** From here on a crash leaves deliveries that nobody can tell of. */
  async #beforeEnd(deliveries: readonly Delivery[]): Promise<void> {
    const current = deliveries.map(({ id }) => this.#queue.get(id));
    if (!this.#running || current.some((delivery) => delivery === undefined || isFinal(delivery))) {
      throw new Withdrawn('A delivery was cancelled while its message was being sent');
    }
    await Promise.all(deliveries.map(({ id }) => this.#queue.update(id, { state: 'sending' })));
  }
}
