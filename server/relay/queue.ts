/**
 * Deliveries as the store keeps them, and in memory for the scheduler. Each change is in the store before whoever
 * made it goes on: what was decided survives the end of the process.
 */
import type { MessageId } from '../store/ids.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { isFinal, type Attempt, type Delivery, type DeliveryState } from './delivery.ts';

/** Deliveries kept after their end: to look back on, not an archive. */
const KEPT = 1000;
/** Attempts kept of one delivery; the oldest make room. */
export const KEPT_ATTEMPTS = 10;
/** No delivery younger than this goes: the hour's ceiling counts them. */
const YOUNG = 3_600_000;

export interface DeliveryFilter {
  readonly message?: MessageId;
  readonly release?: string;
  readonly state?: DeliveryState;
  readonly to?: string;
  readonly limit?: number;
}

export class DeliveryQueue {
  readonly #records: RecordSet<Delivery>;
  readonly #attempts: RecordSet<Attempt>;
  readonly #clock: () => number;
  /** Oldest first. */
  readonly #all = new Map<string, Delivery>();

  constructor(store: Store, clock: () => number) {
    this.#records = store.records('deliveries');
    this.#attempts = store.records('delivery-attempts');
    this.#clock = clock;
  }

  /** What an earlier process left. One that ended while a server was taking a message cannot say whether it did. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#records.list()) this.#all.set(key, value);
    for (const { id, state } of this.#all.values()) {
      if (state !== 'sending') continue;
      await this.update(id, {
        state: 'unknown',
        nextAttemptAt: null,
        reason: 'The process ended while the server was taking the message: it may have arrived or not',
      });
    }
  }

  async add(deliveries: readonly Delivery[]): Promise<void> {
    await Promise.all(deliveries.map((delivery) => this.#records.put(delivery.id, delivery)));
    for (const delivery of deliveries) this.#all.set(delivery.id, delivery);
    await this.#prune();
  }

  /** Changes a delivery; resolves when the store has it. */
  async update(id: string, change: Partial<Delivery>): Promise<Delivery> {
    const before = this.#all.get(id);
    if (before === undefined) throw new Error(`There is no delivery ${id}`);
    const after = { ...before, ...change, updatedAt: this.#clock() };
    this.#all.set(id, after);
    await this.#records.put(id, after);
    return after;
  }

  /** Adds an attempt to a delivery's log. */
  async note(attempt: Attempt): Promise<void> {
    const delivery = this.#all.get(attempt.delivery);
    if (delivery === undefined) return;
    const { attempts } = delivery;
    this.#all.set(delivery.id, { ...delivery, attempts: attempts + 1 });
    await this.#attempts.put(attemptKey(delivery.id, attempts), attempt);
  }

  get(id: string): Delivery | undefined {
    return this.#all.get(id);
  }

  /** Oldest first. */
  values(): Iterable<Delivery> {
    return this.#all.values();
  }

  /** Newest first. */
  list({ message, release, state, to, limit = Infinity }: DeliveryFilter): readonly Delivery[] {
    const address = to?.toLowerCase();
    return [...this.#all.values()]
      .reverse()
      .filter(
        (delivery) =>
          (message === undefined || delivery.message === message) &&
          (release === undefined || delivery.release === release) &&
          (state === undefined || delivery.state === state) &&
          (address === undefined || delivery.to.toLowerCase() === address),
      )
      .slice(0, limit);
  }

  /** How many there are in each state. */
  counts(): Readonly<Record<DeliveryState, number>> {
    const counts = { queued: 0, deferred: 0, sending: 0, delivered: 0, failed: 0, cancelled: 0, unknown: 0 };
    for (const { state } of this.#all.values()) counts[state]++;
    return counts;
  }

  /** Of one delivery, oldest first. */
  async attempts(id: string): Promise<readonly Attempt[]> {
    const kept = Array.from({ length: KEPT_ATTEMPTS }, (_, index) =>
      this.#attempts.get(attemptKey(id, index)),
    );
    const found = (await Promise.all(kept)).filter((attempt) => attempt !== undefined);
    return found.sort((a, b) => a.startedAt - b.startedAt);
  }

  /** How many were released at or after an instant. */
  acceptedSince(instant: number): number {
    let count = 0;
    for (const { createdAt } of this.#all.values()) if (createdAt >= instant) count++;
    return count;
  }

  async #prune(): Promise<void> {
    const limit = this.#clock() - YOUNG;
    const ended = [...this.#all.values()].filter(isFinal);
    const going = ended
      .slice(0, Math.max(0, ended.length - KEPT))
      .filter(({ createdAt }) => createdAt < limit);
    for (const { id } of going) {
      this.#all.delete(id);
      await this.#records.delete(id);
      for (let index = 0; index < KEPT_ATTEMPTS; index++) await this.#attempts.delete(attemptKey(id, index));
    }
  }
}

const attemptKey = (id: string, index: number): string => `${id}.${index % KEPT_ATTEMPTS}`;
