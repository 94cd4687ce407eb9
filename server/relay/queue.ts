/**
 * Deliveries as the store keeps them, and in memory for the scheduler. Each change is in the store before whoever
 * made it goes on: what was decided survives the end of the process.
 */
import { isSameAddress } from '../message/canonical-address.ts';
import type { MessageId } from '../store/ids.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { isFinal, type Attempt, type Delivery, type DeliveryState } from './delivery.ts';

/** Deliveries kept after their end: to look back on, not an archive. A few more make it worth to look for them. */
const KEPT = 1000;
const SLACK = 100;
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
  /** The deliveries that have not ended, oldest first. */
  readonly #open = new Map<string, Delivery>();
  /** When deliveries that were released in the future were noticed. */
  readonly #noticed = new Map<string, number>();
  readonly #byMessage = new Map<MessageId, Set<string>>();

  constructor(store: Store, clock: () => number) {
    this.#records = store.records.collection('deliveries');
    this.#attempts = store.records.collection('delivery-attempts');
    this.#clock = clock;
  }

  /** What an earlier process left. One that ended while a server was taking a message cannot say whether it did. */
  async load(): Promise<void> {
    for (const { key, value } of await this.#records.list()) this.#set({ ...value, id: key });
    await this.#countAttempts();
    for (const { id, state } of [...this.#open.values()]) {
      if (state !== 'sending') continue;
      await this.update(id, {
        state: 'unknown',
        nextAttemptAt: null,
        reason: 'The process ended while the server was taking the message: it may have arrived or not',
      });
    }
  }

  /** A process that was killed may have kept an attempt that its delivery does not count. */
  async #countAttempts(): Promise<void> {
    for (const { key } of await this.#attempts.list()) {
      const delivery = this.#all.get(key.slice(0, key.lastIndexOf('.')));
      const attempts = Number(key.slice(key.lastIndexOf('.') + 1)) + 1;
      if (delivery !== undefined && delivery.attempts < attempts) this.#set({ ...delivery, attempts });
    }
  }

  async add(deliveries: readonly Delivery[]): Promise<void> {
    await Promise.all(deliveries.map((delivery) => this.#records.put(delivery.id, delivery)));
    for (const delivery of deliveries) this.#set(delivery);
    await this.#prune();
  }

  /** Changes a delivery; resolves when the store has it. */
  async update(id: string, change: Partial<Delivery>): Promise<Delivery> {
    const before = this.#all.get(id);
    if (before === undefined) throw new Error(`There is no delivery ${id}`);
    const after = { ...before, ...change, updatedAt: this.#clock() };
    this.#set(after);
    await this.#records.put(id, after);
    return after;
  }

  /** Adds an attempt to a delivery's log. The store has its count with the delivery's next change. */
  async note(attempt: Attempt): Promise<void> {
    const delivery = this.#all.get(attempt.delivery);
    if (delivery === undefined) return;
    const { attempts } = delivery;
    this.#set({ ...delivery, attempts: attempts + 1, host: attempt.host ?? delivery.host });
    await this.#attempts.put(attemptKey(delivery.id, attempts), attempt);
  }

  get(id: string): Delivery | undefined {
    return this.#all.get(id);
  }

  /** Those that have not ended, oldest first. */
  open(): Iterable<Delivery> {
    return this.#open.values();
  }

  /** Returns the deliveries whose sender must still be notified. */
  owingNotice(): readonly Delivery[] {
    return [...this.#all.values()].filter(({ noticeDue }) => noticeDue !== null);
  }

  /** Newest first. */
  list({ message, release, state, to, limit = Infinity }: DeliveryFilter): readonly Delivery[] {
    const all = message === undefined ? [...this.#all.values()] : this.#ofMessage(message);
    return all
      .reverse()
      .filter(
        (delivery) =>
          (release === undefined || delivery.release === release) &&
          (state === undefined || delivery.state === state) &&
          (to === undefined || isSameAddress(delivery.to, to)),
      )
      .slice(0, limit);
  }

  /** Returns the number of deliveries in each state. */
  counts(): Readonly<Record<DeliveryState, number>> {
    const counts = { queued: 0, deferred: 0, sending: 0, delivered: 0, failed: 0, cancelled: 0, unknown: 0 };
    for (const { state } of this.#all.values()) counts[state]++;
    return counts;
  }

  /** Returns the attempts of one delivery, oldest first. */
  async attempts(id: string): Promise<readonly Attempt[]> {
    const { attempts = 0 } = this.#all.get(id) ?? {};
    const kept = Array.from({ length: attempts }, (_, index) => this.#attempts.get(attemptKey(id, index)));
    return (await Promise.all(kept)).filter((attempt) => attempt !== undefined);
  }

  /** How many were released at or after an instant. */
  acceptedSince(instant: number): number {
    const now = this.#clock();
    let count = 0;
    for (const delivery of this.#all.values()) if (this.#acceptedAt(delivery, now) >= instant) count++;
    return count;
  }

  /** A time in the future counts as the time when that was noticed: the clock was ahead and is set back. */
  #acceptedAt({ id, createdAt }: Delivery, now: number): number {
    const at = this.#noticed.get(id) ?? createdAt;
    if (at <= now) return at;
    this.#noticed.set(id, now);
    return now;
  }

  #set(delivery: Delivery): void {
    const { id, message } = delivery;
    this.#all.set(id, delivery);
    if (isFinal(delivery)) this.#open.delete(id);
    else this.#open.set(id, delivery);
    const ids = this.#byMessage.get(message) ?? new Set();
    this.#byMessage.set(message, ids.add(id));
  }

  #ofMessage(message: MessageId): Delivery[] {
    return [...(this.#byMessage.get(message) ?? [])].flatMap((id) => this.#all.get(id) ?? []);
  }

  async #prune(): Promise<void> {
    if (this.#all.size - this.#open.size < KEPT + SLACK) return;
    const now = this.#clock();
    const ended = [...this.#all.values()].filter(isFinal);
    const going = ended
      .slice(0, Math.max(0, ended.length - KEPT))
      .filter((delivery) => this.#acceptedAt(delivery, now) < now - YOUNG);
    for (const { id, message, attempts } of going) {
      this.#all.delete(id);
      this.#noticed.delete(id);
      const others = this.#byMessage.get(message);
      others?.delete(id);
      if (others?.size === 0) this.#byMessage.delete(message);
      await this.#records.delete(id);
      for (let index = 0; index < attempts; index++) await this.#attempts.delete(attemptKey(id, index));
    }
  }
}

const attemptKey = (id: string, index: number): string => `${id}.${index}`;
