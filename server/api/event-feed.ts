/**
 * One stream's view of the change feed, in the words of the contract: filtered by account and query, resumed after a
 * seq, in order. What it missed it turns into events itself; from then on it takes those of the shared source.
 */
import type { Change } from '../store/changes.ts';
import type { Seq } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { TimeSlice } from '../store/time-slice.ts';
import type { Event } from '../../contract/index.ts';
import { EventBatch, written, type EventScope, type EventSource, type EventSources } from './event-source.ts';

/** Events that may wait for a slow listener; then it has to resume from the last seq that it saw. */
const MAX_WAITING = 10_000;
/** Missed changes that become one batch. */
const MISSED_AT_ONCE = 200;

export interface FeedOptions extends EventScope {
  readonly since: Seq | undefined;
  /** Sends events; resolves when the listener can take more. */
  send(batch: EventBatch): Promise<void>;
  /** The listener is too slow, or `error` came up: end it. */
  fail(reason: string, error?: unknown): void;
}

export class EventFeed {
  readonly #options: FeedOptions;
  readonly #source: EventSource;
  readonly #leave: () => void;
  /** Changes up to this seq are dealt with: by the hello, or by what was missed. */
  readonly #joined: Seq;
  #waiting: EventBatch[] = [];
  /** Events in `#waiting`. */
  #events = 0;
  #running = false;
  #closed = false;

  constructor(store: Store, sources: EventSources, options: FeedOptions) {
    this.#options = options;
    const { since } = options;
    this.#joined = store.changes.seq;
    const missed = since === undefined ? [] : store.changes.since(since);
    this.#source = sources.of(options);
    const stop = this.#source.listen({
      take: (batch) => this.#take(batch.after(this.#joined)),
      fail: (error) => this.#fail('failed: resume from the last seq seen', error),
    });
    this.#leave = () => {
      stop();
      sources.release(options);
    };
    // Before what was missed, so that a listener that goes away at once comes back to all of it.
    const seq = (missed ?? []).length === 0 ? this.#joined : (since ?? this.#joined);
    void this.#run({ type: 'hello', seq, gap: missed === undefined }, missed ?? []);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.#waiting = [];
  }

  #take(batch: EventBatch): void {
    if (batch.length === 0 || this.#closed) return;
    this.#waiting.push(batch);
    this.#events += batch.length;
    if (this.#events > MAX_WAITING) this.#fail('too slow: resume from the last seq seen');
    else if (!this.#running) void this.#run();
  }

  #fail(reason: string, error?: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#options.fail(reason, error);
  }

  async #run(hello?: Event, missed: readonly Change[] = []): Promise<void> {
    this.#running = true;
    try {
      if (hello !== undefined) await this.#options.send(new EventBatch([written(hello)]));
      await this.#catchUp(missed);
      for (let batches = this.#waiting; batches.length > 0; batches = this.#waiting) {
        this.#waiting = [];
        for (const batch of batches) {
          if (this.#closed) return;
          await this.#options.send(batch);
          this.#events -= batch.length;
        }
      }
    } catch (error) {
      this.#fail('failed: resume from the last seq seen', error);
    } finally {
      this.#running = false;
    }
  }

  async #catchUp(missed: readonly Change[]): Promise<void> {
    const slice = new TimeSlice();
    for (let from = 0; from < missed.length && !this.#closed; from += MISSED_AT_ONCE) {
      const events = [];
      for (const change of missed.slice(from, from + MISSED_AT_ONCE)) {
        if (slice.over) await slice.rest();
        const event = await this.#source.eventOf(change);
        if (event !== null) events.push(event);
      }
      if (events.length > 0) await this.#options.send(new EventBatch(events));
    }
  }
}
