/**
 * The queue of deliveries, kept in the store and in memory. A method that changes a delivery resolves when
 * the change is stored, so that the change survives the end of the process.
 */
import { isSameAddress } from '../message/canonical-address.ts';
import type { MessageId } from '../store/ids.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { isFinal, type Attempt, type Delivery, type DeliveryState } from './delivery.ts';

/**
 * The number of ended deliveries that are kept in the store; older ones are deleted. Deletion begins only
 * when the number is exceeded by a margin, so that it does not run after every delivery.
 */
const KEPT = 1000;
const SLACK = 100;
/**
 * The minimum age in milliseconds at which a delivery may be deleted: younger deliveries count towards the
 * hourly limit.
 */
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
  /** All deliveries by id, oldest first. */
  readonly #all = new Map<string, Delivery>();
  /** The deliveries by id that are neither delivered, failed nor cancelled, oldest first. */
  readonly #open = new Map<string, Delivery>();
  /**
   * For each delivery whose release time is in the future because the clock was set back: the time when the
   * queue noticed this, in milliseconds since the epoch.
   */
  readonly #noticed = new Map<string, number>();
  readonly #byMessage = new Map<MessageId, Set<string>>();

  constructor(store: Store, clock: () => number) {
    this.#records = store.records.collection('deliveries');
    this.#attempts = store.records.collection('delivery-attempts');
    this.#clock = clock;
  }

  /**
   * Loads the deliveries that an earlier process stored. If that process ended while a server was accepting a
   * message, the outcome of the delivery is unknown.
   */
  async load(): Promise<void> {
    for (const { key, value } of await this.#records.list()) this.#set({ ...value, id: key });
    await this.#countAttempts();
    for (const { id, state } of [...this.#open.values()]) {
      if (state !== 'sending') continue;
      await this.update(id, {
        state: 'unknown',
        nextAttemptAt: null,
        reason:
          'The process ended while the server was accepting the message: the message may have been delivered or not',
      });
    }
  }

  /**
   * Corrects the stored number of attempts: a process that was killed may have stored an attempt, but not the
   * new number in the delivery.
   */
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

  /** Changes a delivery. Resolves when the change is stored. */
  async update(id: string, change: Partial<Delivery>): Promise<Delivery> {
    const before = this.#all.get(id);
    if (before === undefined) throw new Error(`There is no delivery ${id}`);
    const after = { ...before, ...change, updatedAt: this.#clock() };
    this.#set(after);
    await this.#records.put(id, after);
    return after;
  }

  /**
   * Adds an attempt to the log of a delivery. The new number of attempts is stored with the next change of
   * the delivery.
   */
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

  /** Returns the deliveries that are neither delivered, failed nor cancelled, oldest first. */
  open(): Iterable<Delivery> {
    return this.#open.values();
  }

  /** Returns the deliveries for which a notice to the sender is pending. */
  owingNotice(): readonly Delivery[] {
    return [...this.#all.values()].filter(({ noticeDue }) => noticeDue !== null);
  }

  /** Returns the deliveries that match the filter, newest first. */
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

  /** Returns the logged attempts of one delivery, oldest first. */
  async attempts(id: string): Promise<readonly Attempt[]> {
    const { attempts = 0 } = this.#all.get(id) ?? {};
    const kept = Array.from({ length: attempts }, (_, index) => this.#attempts.get(attemptKey(id, index)));
    return (await Promise.all(kept)).filter((attempt) => attempt !== undefined);
  }

  /** Returns the number of deliveries that were released at or after an instant. */
  acceptedSince(instant: number): number {
    const now = this.#clock();
    let count = 0;
    for (const delivery of this.#all.values()) if (this.#acceptedAt(delivery, now) >= instant) count++;
    return count;
  }

  /**
   * Returns the time when the delivery was released. If the clock was set back and this time is in the
   * future, returns the time when the queue noticed this.
   */
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
