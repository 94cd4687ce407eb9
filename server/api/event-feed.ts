/**
 * One listener's view of the change feed, in the words of the contract: filtered by account and query, resumed
 * after a seq, in order. Changes are turned into events one after another, as that asks the store.
 */
import { ALL, type AccountName, type MessageId, type Seq } from '../store/ids.ts';
import type { Change, Place } from '../store/changes.ts';
import type { Query } from '../store/query/ast.ts';
import type { Store } from '../store/store.ts';
import type { Event } from './contract.ts';
import { presentSummary } from './present.ts';

/** Changes that may wait for a slow listener, besides those it asked for itself; then it is told to come back. */
const MAX_WAITING = 10_000;
/** Changes dealt with before the list of those that wait is cut. */
const CUT_AFTER = 500;

export interface FeedOptions {
  readonly account: AccountName;
  readonly query: Query;
  readonly since: Seq | undefined;
  /** Sends an event; resolves when the listener can take another. */
  send(event: Event): Promise<void>;
  /** The listener is too slow, or `error` came up: end it. */
  fail(reason: string, error?: unknown): void;
}

export class EventFeed {
  readonly #store: Store;
  readonly #options: FeedOptions;
  #waiting: Change[];
  readonly #limit: number;
  #running = false;
  readonly #stop: () => void;

  constructor(store: Store, options: FeedOptions) {
    this.#store = store;
    this.#options = options;
    const { since } = options;
    const missed = since === undefined ? [] : store.changes.since(since);
    this.#waiting = [...(missed ?? [])];
    this.#limit = this.#waiting.length + MAX_WAITING;
    this.#stop = store.changes.subscribe((change) => this.#take(change));
    // Before what was missed, so that a listener that goes away at once comes back to all of it.
    const seq = this.#waiting.length === 0 ? store.changes.seq : (since ?? store.changes.seq);
    void this.#run({ type: 'hello', seq, gap: missed === undefined });
  }

  close(): void {
    this.#stop();
    this.#waiting = [];
  }

  #take(change: Change): void {
    this.#waiting.push(change);
    if (this.#waiting.length > this.#limit) {
      this.close();
      this.#options.fail('too slow: resume from the last seq seen');
    } else if (!this.#running) {
      void this.#run();
    }
  }

  async #run(hello?: Event): Promise<void> {
    this.#running = true;
    try {
      if (hello !== undefined) await this.#options.send(hello);
      for (let next = 0; next < this.#waiting.length; next++) {
        const change = this.#waiting[next];
        const event = change === undefined ? null : await this.#event(change);
        if (event !== null) await this.#options.send(event);
        if (next > CUT_AFTER) {
          this.#waiting = this.#waiting.slice(next + 1);
          next = -1;
        }
      }
      this.#waiting = [];
    } catch (error) {
      this.close();
      this.#options.fail('failed: resume from the last seq seen', error);
    } finally {
      this.#running = false;
    }
  }

  async #event(change: Change): Promise<Event | null> {
    const { account } = this.#options;
    const { seq } = change;
    switch (change.kind) {
      case 'message-added':
        return this.#isHere(change.places) ? this.#message('message', seq, change.message) : null;
      case 'placed':
        return this.#isHere([change.place]) ? this.#message('message', seq, change.message) : null;
      case 'message-removed':
        return this.#isHere(change.places) ? { type: 'removed', seq, account, id: change.message } : null;
      case 'expunged':
        return this.#isHere([change.place]) ? this.#removedOrUpdated(seq, change.message) : null;
      case 'flagged':
        return this.#isHere([change.place]) ? this.#message('updated', seq, change.message) : null;
      case 'tagged':
      case 'annotated':
        return this.#message('updated', seq, change.message);
      case 'account-added':
      case 'account-changed':
      case 'account-removed':
        return account === ALL || change.account === account
          ? { type: change.kind, seq, account: change.account }
          : null;
      case 'record':
        return { type: 'record', seq, collection: change.collection, key: change.key };
      case 'mailbox-added':
      case 'mailbox-renamed':
      case 'mailbox-changed':
      case 'mailbox-removed':
        return null;
    }
  }

  #isHere(places: readonly Place[]): boolean {
    return places.some(({ account }) => account === this.#options.account);
  }

  async #removedOrUpdated(seq: Seq, id: MessageId): Promise<Event | null> {
    const { account } = this.#options;
    const listed = await this.#store.listed(id, account);
    return listed === undefined ? { type: 'removed', seq, account, id } : null;
  }

  async #message(type: 'message' | 'updated', seq: Seq, id: MessageId): Promise<Event | null> {
    const { account, query } = this.#options;
    const listed = await this.#store.listed(id, account);
    if (listed === undefined || !(await this.#store.matches(query, id, account))) return null;
    return { type, seq, account, message: presentSummary(listed) };
  }
}
