/**
 * The lease of a task that only one node does at a time, such as the background work of the store (search texts, the
 * removal of old messages, the shortening of histories). A node renews its lease every second; another node takes it
 * over when it was not renewed for five seconds.
 */
import type { Leadership } from '../nodes.ts';
import type { Database } from './database.ts';

/** Time between two renewals, in milliseconds. */
const RENEW = 1000;

/** Takes or renews a lease ($1) for a node ($2); the result has a row if the node has the lease now. */
export const TAKE_LEASE = `insert into lease (name, node, until) values ($1, $2, now() + interval '5 seconds')
  on conflict (name) do update set node = excluded.node, until = excluded.until
  where lease.node = excluded.node or lease.until < now() returning node`;

export class Lease implements Leadership {
  readonly #database: Database;
  readonly #name: string;
  readonly #node: string;
  readonly #taken: () => void | Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;
  #isClosed = false;

  /** @param taken called when this node takes the lease over */
  constructor(database: Database, name: string, node: string, taken: () => void | Promise<void>) {
    this.#database = database;
    this.#name = name;
    this.#node = node;
    this.#taken = taken;
  }

  /** Whether this node has the lease. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Tries to take the lease now, and again at regular intervals. */
  async open(): Promise<void> {
    try {
      await this.#take();
    } finally {
      // After an error, the node does not hold the lease, and the next attempt calls `taken` again.
      const again = (): void => void this.open().catch(() => undefined);
      if (!this.#isClosed) this.#timer = setTimeout(again, RENEW).unref();
    }
  }

  /** Releases the lease, so that another node can take it over at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    if (!this.#isHeld) return;
    const release = 'delete from lease where name = $1 and node = $2';
    await this.#database.read(release, [this.#name, this.#node]).catch(() => undefined);
  }

  async #take(): Promise<void> {
    const before = this.#isHeld;
    try {
      this.#isHeld = (await this.#database.read(TAKE_LEASE, [this.#name, this.#node], 'lease')).length > 0;
    } catch {
      // The error is ignored here, because `Database` has reported it. Without the database, the node cannot know
      // whether another node has the lease, so it regards its own lease as lost.
      this.#isHeld = false;
    }
    if (!this.#isHeld || before) return;
    try {
      await this.#taken();
    } catch (error) {
      this.#isHeld = false;
      throw error;
    }
  }
}
