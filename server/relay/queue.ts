/**
 * The queue of deliveries, kept in the store and in memory. A method that changes a delivery resolves when
 * the change is stored, so that the change survives the end of the process.
 *
 * Several nodes on one store have the same deliveries in memory. Each delivery has one owner, the node that sends it.
 * Every node may change a delivery, because changes are atomic in the store; the others read it again.
 */
import { SerialQueue } from '../async/serial-queue.ts';
import { isSameAddress } from '../message/canonical-address.ts';
import type { MessageId } from '../store/ids.ts';
import type { Change } from '../store/changes.ts';
import type { Nodes } from '../store/nodes.ts';
import { ownedBy, takeOver } from '../store/ownership.ts';
import type { RecordSet, Store } from '../store/store.ts';
import { isFinal, type Attempt, type Delivery, type DeliveryState } from './delivery.ts';

/**
 * The number of ended deliveries that are kept in the store; older deliveries are deleted. Deletion begins only when
 * the number is exceeded by a margin, so that it does not run after every delivery.
 */
const KEPT = 1000;
const SLACK = 100;
const COLLECTION = 'deliveries';
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
  readonly #store: Store;
  readonly #nodes: Nodes;
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
  /** The deliveries that this node is storing; the value is true if a node has changed the delivery meanwhile. */
  readonly #storing = new Map<string, boolean>();
  readonly #readings = new SerialQueue();
  #unsubscribe = (): void => undefined;

  constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#nodes = store.nodes;
    this.#records = store.records.collection(COLLECTION);
    this.#attempts = store.records.collection('delivery-attempts');
    this.#clock = clock;
  }

  /**
   * Loads the stored deliveries, and follows the changes that other nodes make.
   * @param changed called after another node has changed a delivery
   */
  async load(changed: () => void): Promise<void> {
    if (this.#nodes.self !== undefined) {
      this.#unsubscribe = this.#store.changes.subscribe((change) => this.#follow(change, changed));
    }
    for (const { key, value } of await this.#records.list()) this.#set({ ...value, id: key });
    await this.#countAttempts();
  }

  /**
   * Makes this node the owner of the deliveries whose nodes have ended, and returns the deliveries that it did not own
   * before. If a node ended while a server was accepting a message, the outcome of the delivery is unknown.
   * @param isStart whether this process has just started, so that an earlier process sent its own deliveries
   */
  async takeOver(isStart: boolean): Promise<readonly Delivery[]> {
    const isOpen = (delivery: Delivery): boolean => !isFinal(delivery) || delivery.noticeDue !== null;
    const taken: Delivery[] = [];
    for (const { key, value, isTaken } of await takeOver(this.#records, this.#nodes, isOpen)) {
      if (!isTaken && !isStart) continue;
      if (isTaken) this.#set({ ...value, attempts: this.#all.get(key)?.attempts ?? value.attempts });
      taken.push(value.state === 'sending' ? await this.#setUnknown(key) : value);
    }
    return taken;
  }

  #setUnknown(id: string): Promise<Delivery> {
    return this.update(id, {
      state: 'unknown',
      nextAttemptAt: null,
      reason:
        'The process ended while the server was accepting the message: the message may have been delivered or not',
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Resolves when this node has read all changes that other nodes have made before this call. */
  async caughtUp(): Promise<void> {
    if (this.#nodes.self === undefined) return;
    await this.#store.changes.caughtUp();
    await this.#readings.idle();
  }

  /** Reads a delivery again that another node may have changed. */
  #follow(change: Change, changed: () => void): void {
    if (change.kind !== 'record' || change.collection !== COLLECTION) return;
    const { key } = change;
    void this.#readings
      .run(async () => {
        await this.#read(key);
        changed();
      })
      // The error is ignored here: the store has reported it, and the next change reads the delivery again.
      .catch(() => undefined);
  }

  async #read(id: string): Promise<void> {
    if (this.#storing.has(id)) {
      this.#storing.set(id, true);
      return;
    }
    const stored = await this.#records.get(id);
    if (this.#storing.has(id)) this.#storing.set(id, true);
    else if (stored === undefined) this.#forget(id);
    else this.#set({ ...stored, attempts: Math.max(stored.attempts, this.#all.get(id)?.attempts ?? 0) });
  }

  /** Stores deliveries; meanwhile, the values in memory are not replaced by older values from the store. */
  async #whileStoring<T>(ids: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const id of ids) this.#storing.set(id, this.#storing.get(id) ?? false);
    try {
      return await work();
    } finally {
      for (const id of ids) {
        const isChanged = this.#storing.get(id) === true;
        this.#storing.delete(id);
        if (isChanged) void this.#readings.run(() => this.#read(id)).catch(() => undefined);
      }
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
    const own = deliveries.map((delivery) => ({ ...delivery, ...ownedBy(this.#nodes) }));
    const ids = own.map(({ id }) => id);
    await this.#whileStoring(ids, async () => {
      await Promise.all(own.map((delivery) => this.#records.put(delivery.id, delivery)));
      for (const delivery of own) this.#set(delivery);
    });
    await this.#prune();
  }

  /**
   * Changes a delivery. Resolves when the change is stored, with the stored delivery.
   * @param isAllowed returns whether the delivery may still be changed, although another node may have changed it; if
   *   not, the delivery stays as it is stored
   */
  async update(
    id: string,
    change: Partial<Delivery>,
    isAllowed: (delivery: Delivery) => boolean = () => true,
  ): Promise<Delivery> {
    const before = this.#all.get(id);
    if (before === undefined) throw new Error(`There is no delivery ${id}`);
    if (!isAllowed(before)) return before;
    const changed = (delivery: Delivery): Delivery => ({ ...delivery, ...change, updatedAt: this.#clock() });
    this.#set(changed(before));
    return this.#whileStoring([id], async () => {
      const stored = await this.#records.update(id, (now = before) =>
        isAllowed(now) ? changed(this.#withLog(now)) : now,
      );
      const after = stored ?? changed(before);
      this.#set(after);
      return after;
    });
  }

  /** Returns a stored delivery with the attempts that this node has logged since the delivery was stored. */
  #withLog(stored: Delivery): Delivery {
    const { attempts = 0, host = null } = this.#all.get(stored.id) ?? {};
    return attempts > stored.attempts ? { ...stored, attempts, host } : stored;
  }

  /** Whether this node sends the delivery. */
  isOwn({ owner }: Delivery): boolean {
    return owner === this.#nodes.self;
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

  /** Returns the deliveries of this node that are neither delivered, failed nor cancelled, oldest first. */
  *open(): Iterable<Delivery> {
    for (const delivery of this.#open.values()) if (this.isOwn(delivery)) yield delivery;
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

  #forget(id: string): void {
    const message = this.#all.get(id)?.message;
    this.#all.delete(id);
    this.#open.delete(id);
    this.#noticed.delete(id);
    if (message === undefined) return;
    const others = this.#byMessage.get(message);
    others?.delete(id);
    if (others?.size === 0) this.#byMessage.delete(message);
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
    for (const { id, attempts } of going) {
      this.#forget(id);
      await this.#records.delete(id);
      for (let index = 0; index < attempts; index++) await this.#attempts.delete(attemptKey(id, index));
    }
  }
}

const attemptKey = (id: string, index: number): string => `${id}.${index}`;
