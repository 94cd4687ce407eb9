/**
 * Processes the queue of deliveries: finds the deliveries that are due and sends their messages in rounds. One
 * round sends a message to all recipients of one release that have the same route. The number of simultaneous
 * rounds is limited for each route and in total.
 */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { Connections } from './connections.ts';
import type { Delivery } from './delivery.ts';
import { DEFAULT_TIMING, type RelayOptions, type RelayTiming } from './options.ts';
import { createOutcomes, type Outcomes } from './outcomes.ts';
import type { RelayPolicy } from './policy.ts';
import type { DeliveryQueue } from './queue.ts';
import { createRoundWorld } from './round-world.ts';
import type { Router } from './route.ts';
import { Sender, type Group } from './sender.ts';

/** The maximum number of simultaneous rounds of delivery attempts for one route. */
const MAX_EACH = 2;
/** The maximum number of simultaneous rounds of delivery attempts in total. */
const MAX_ALL = 100;
/** The maximum number of recipients of one mail transaction (RFC 5321 §4.5.3.1.8). */
const MAX_RECIPIENTS = 100;
/**
 * The maximum duration of a timer in milliseconds. The system clock may be changed while the timer runs, and
 * timers are limited to 2^31 ms.
 */
const MAX_SLEEP = 3_600_000;

export interface Dispatcher {
  /**
   * Starts processing the queue. No message is sent before this call.
   * @param taken the deliveries of earlier processes that this node continues
   */
  start(taken: readonly Delivery[]): void;
  /** Continues the deliveries of a node that is gone. */
  resume(taken: readonly Delivery[]): void;
  /** Searches for due deliveries now, instead of when the timer expires. */
  wake(): void;
  isUnderWay(id: string): boolean;
  close(): Promise<void>;
}

interface DispatcherOptions extends RelayOptions {
  readonly queue: DeliveryQueue;
  readonly policy: RelayPolicy;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  return new QueueDispatcher(options);
}

/**
 * Returns whether a delivery is due. A delivery whose last update is in the future is due as well, because
 * the clock was set back after the update.
 */
const isDue = ({ nextAttemptAt, updatedAt }: Delivery, now: number): boolean =>
  nextAttemptAt !== null && (nextAttemptAt <= now || updatedAt > now);

/** Waits for a task, at most for the given number of milliseconds. */
async function within(limit: number, task: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit)));
  await Promise.race([task, bound]);
  clearTimeout(timer);
}

class QueueDispatcher implements Dispatcher {
  readonly #queue: DeliveryQueue;
  readonly #clock: () => number;
  readonly #logger: Logger;
  readonly #timing: RelayTiming;
  readonly #connections: Connections;
  readonly #outcomes: Outcomes;
  readonly #router: Router;
  readonly #sender: Sender;
  readonly #underWay = new Set<string>();
  readonly #busy = new Map<string, number>();
  /** For each round of delivery attempts in progress, the deliveries that it sends. */
  readonly #rounds = new Map<Promise<void>, readonly Delivery[]>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  /** Whether a search for due deliveries is already scheduled in this turn of the event loop. */
  #awake = false;
  #running = false;

  constructor(options: DispatcherOptions) {
    const { config, clock, logger, queue } = options;
    this.#queue = queue;
    // Each connection adds a listener to the signal that aborts connections, so the warning about many
    // listeners is disabled.
    setMaxListeners(0, this.#closing.signal);
    this.#clock = clock;
    this.#logger = logger;
    this.#timing = { ...DEFAULT_TIMING, ...config.timing };
    this.#connections = new Connections(this.#timing.idle);
    this.#outcomes = createOutcomes({ ...options, timing: this.#timing });
    const round = createRoundWorld(options, this.#timing, this.#connections, this.#closing.signal);
    this.#router = round.router;
    this.#sender = new Sender({
      ...options,
      outcomes: this.#outcomes,
      round,
      running: () => this.#running,
    });
  }

  start(taken: readonly Delivery[]): void {
    this.#running = true;
    this.resume(taken);
  }

  resume(taken: readonly Delivery[]): void {
    for (const delivery of taken) {
      if (delivery.noticeDue !== null) this.#track([], this.#outcomes.notify([delivery]));
    }
    this.wake();
  }

  wake(): void {
    if (this.#awake) return;
    this.#awake = true;
    setImmediate(() => {
      this.#awake = false;
      this.#look();
    });
  }

  #look(): void {
    if (!this.#running) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const now = this.#clock();
    for (const group of this.#due(now)) {
      if (this.#rounds.size >= MAX_ALL) return;
      const busy = this.#busy.get(group.place) ?? 0;
      if (busy >= MAX_EACH) continue;
      this.#busy.set(group.place, busy + 1);
      for (const { id } of group.deliveries) this.#underWay.add(id);
      this.#track(group.deliveries, this.#work(group));
    }
    this.#sleep(now);
  }

  isUnderWay(id: string): boolean {
    return this.#underWay.has(id);
  }

  /**
   * Waits for the server's reply to each message that has been sent completely, and aborts all other rounds of
   * delivery attempts.
   */
  async close(): Promise<void> {
    this.#running = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await within(this.#timing.close, Promise.all([this.#connections.close(), ...this.#ending()]));
    this.#closing.abort();
    await within(this.#timing.close, Promise.all(this.#rounds.keys()));
  }

  /**
   * Returns the rounds of delivery attempts that wait for the server's reply to a complete message, and the
   * notices that are being sent.
   */
  #ending(): Promise<void>[] {
    const taken = ({ id }: Delivery): boolean => this.#queue.get(id)?.state === 'sending';
    return [...this.#rounds].flatMap(([running, deliveries]) =>
      deliveries.length === 0 || deliveries.some(taken) ? [running] : [],
    );
  }

  #due(now: number): Iterable<Group> {
    const groups = new Map<string, Group & { deliveries: Delivery[] }>();
    for (const delivery of this.#queue.open()) {
      const { id, release, to } = delivery;
      if (!isDue(delivery, now) || this.#underWay.has(id)) continue;
      const domain = to.slice(to.lastIndexOf('@') + 1);
      const place = this.#router.placeOf(domain);
      if ((this.#busy.get(place) ?? 0) >= MAX_EACH) continue;
      const key = `${release} ${place}`;
      const group = groups.get(key) ?? { domain, place, deliveries: [] };
      if (group.deliveries.length < MAX_RECIPIENTS) group.deliveries.push(delivery);
      groups.set(key, group);
    }
    return groups.values();
  }

  /**
   * Sets the timer for the next delivery that will be due. The timer ignores deliveries that are due already
   * and wait because of the limit of rounds; the end of another round starts them.
   */
  #sleep(now: number): void {
    let next = Infinity;
    for (const { nextAttemptAt } of this.#queue.open()) {
      if (nextAttemptAt !== null && nextAttemptAt > now) next = Math.min(next, nextAttemptAt);
    }
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.wake(), Math.min(next - now, MAX_SLEEP));
  }

  #track(deliveries: readonly Delivery[], task: Promise<void>): void {
    const running = task
      .catch((error: unknown) => this.#logger.error({ err: error }, 'relay: a round failed'))
      .finally(() => {
        this.#rounds.delete(running);
        this.wake();
      });
    this.#rounds.set(running, deliveries);
  }

  async #work(group: Group): Promise<void> {
    try {
      await this.#sender.send(group);
    } finally {
      this.#busy.set(group.place, (this.#busy.get(group.place) ?? 1) - 1);
      if (this.#busy.get(group.place) === 0) this.#busy.delete(group.place);
      for (const { id } of group.deliveries) this.#underWay.delete(id);
    }
  }
}
