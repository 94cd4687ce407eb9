/**
 * The events of one event stream, in order: filtered by account and query, and resumed after a sequence
 * number. The feed converts the changes that the client missed into events; a source that several streams
 * share delivers all later events.
 */
import type { Change } from '../../store/changes.ts';
import type { Seq } from '../../store/ids.ts';
import type { Store } from '../../store/store.ts';
import { TimeSlice, type SharedSlice } from '../../async/time-slice.ts';
import type { Event } from '../../../contract/index.ts';
import { EventBatch, written, type EventScope, type EventSource, type EventSources } from './source.ts';

/**
 * The maximum number of events that are queued for a slow client. Above the limit the stream ends, and the client
 * must resume it.
 */
const MAX_WAITING = 10_000;
/** The maximum number of missed changes that are sent in one batch. */
const MISSED_AT_ONCE = 200;

export interface FeedOptions extends EventScope {
  readonly since: Seq | undefined;
  /** Sends events; resolves when the client can receive more. */
  send(batch: EventBatch): Promise<void>;
  /** Ends the stream because the client is too slow, or because of `error`. */
  fail(reason: string, error?: unknown): void;
}

export class EventFeed {
  readonly #options: FeedOptions;
  readonly #source: EventSource;
  readonly #turn: SharedSlice;
  readonly #leave: () => void;
  /**
   * The sequence number at which the stream joined the shared source: the hello event and the missed changes
   * cover all changes up to this number.
   */
  readonly #joined: Seq;
  #waiting: EventBatch[] = [];
  /** The number of events in `#waiting`, the batches that wait to be sent. */
  #events = 0;
  #running = false;
  #closed = false;

  constructor(store: Store, sources: EventSources, options: FeedOptions) {
    this.#options = options;
    const { since } = options;
    this.#joined = store.changes.seq;
    const missed = since === undefined ? [] : store.changes.since(since);
    this.#source = sources.of(options);
    this.#turn = sources.turn;
    const stop = this.#source.listen({
      take: (batch) => this.#take(batch.after(this.#joined)),
      fail: (error) => this.#fail('the stream failed: reconnect with since=SEQ of the last event', error),
    });
    this.#leave = () => {
      stop();
      sources.release(options);
    };
    // The first event of a stream, `hello`, contains the sequence number before the missed changes, because a
    // client that disconnects right after the hello event must receive all missed changes when it resumes.
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
    if (this.#events > MAX_WAITING)
      this.#fail('the client is too slow: reconnect with since=SEQ of the last event');
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
      if (hello !== undefined) await this.#send(new EventBatch([written(hello)]));
      await this.#catchUp(missed);
      for (let batches = this.#waiting; batches.length > 0; batches = this.#waiting) {
        this.#waiting = [];
        for (const batch of batches) {
          if (this.#closed) return;
          await this.#send(batch);
          this.#events -= batch.length;
        }
      }
    } catch (error) {
      this.#fail('the stream failed: reconnect with since=SEQ of the last event', error);
    } finally {
      this.#running = false;
    }
  }

  async #send(batch: EventBatch): Promise<void> {
    await this.#turn.take();
    if (!this.#closed) await this.#options.send(batch);
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
      if (events.length > 0) await this.#send(new EventBatch(events));
    }
  }
}
