/**
 * Converts the store's changes to events, for all event streams with the same account and query: each change is
 * converted and serialised once, whatever the number of streams. Events are sent in batches: the first event at
 * once, later ones after a pause, so that many changes need few writes to each stream. Capturing mail never
 * waits for the event streams: changes are queued here, and each stream takes batches at its own pace.
 */
import { ALL, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import type { Change, Place } from '../../store/changes.ts';
import type { Query } from '../../store/find/language/ast.ts';
import { printQuery } from '../../store/find/language/print.ts';
import type { Store } from '../../store/store.ts';
import { whenAvailable } from '../../store/when-available.ts';
import { SharedSlice, TimeSlice } from '../../async/time-slice.ts';
import type { Event } from '../../../contract/index.ts';
import { presentSummary } from '../../service/present/message.ts';

/** The time between two batches of events, in milliseconds. */
const PAUSE = 25;
/** The maximum number of events in one batch: about 100 KB of JSON. */
const MAX_BATCH = 200;
/**
 * The maximum number of handled changes at the front of the queue; when this number is reached, the handled
 * changes are removed.
 */
const CUT_AFTER = 500;

/** A change of a message, or of its placement in a mailbox. */
type MessageChange = Extract<Change, { readonly message: MessageId }>;

export interface EventScope {
  readonly account: AccountName;
  readonly query: Query;
}

export interface WrittenEvent {
  readonly event: Event;
  /** The event serialised as JSON. */
  readonly text: string;
}

export const written = (event: Event): WrittenEvent => ({ event, text: JSON.stringify(event) });

/**
 * Events that are sent together. All streams share the batch, so each encoding of the batch is computed once.
 */
export class EventBatch {
  readonly events: readonly WrittenEvent[];
  #block: Buffer | undefined;
  #frames: Buffer | undefined;

  constructor(events: readonly WrittenEvent[]) {
    this.events = events;
  }

  get length(): number {
    return this.events.length;
  }

  /** The events of the batch as server-sent events (`text/event-stream`). */
  get block(): Buffer {
    this.#block ??= Buffer.from(
      this.events
        .map(({ event, text }) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${text}\n\n`)
        .join(''),
    );
    return this.#block;
  }

  /** The events of the batch as unmasked WebSocket text frames (RFC 6455 §5.2), one frame for each event. */
  get frames(): Buffer {
    this.#frames ??= Buffer.concat(this.events.map(({ text }) => textFrame(text)));
    return this.#frames;
  }

  /** Returns a batch of the events with a higher sequence number than `seq`. */
  after(seq: Seq): EventBatch {
    const rest = this.events.filter(({ event }) => event.seq > seq);
    return rest.length === this.length ? this : new EventBatch(rest);
  }
}

/** The first octet of an unfragmented text frame: the FIN bit and the opcode 1 (RFC 6455 §5.2). */
const TEXT_FRAME = 0x81;
/** The second octet of a frame with a payload of 126 to 65,535 octets: the length follows in 2 octets. */
const LENGTH_16 = 126;
/** The second octet of a frame with a payload of 65,536 octets or more: the length follows in 8 octets. */
const LENGTH_64 = 127;

function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_FRAME;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, header);
  return frame;
}

export interface EventListener {
  take(batch: EventBatch): void;
  /** Reports an error of the store: the events of some changes are missing. */
  fail(error: unknown): void;
}

export class EventSource {
  readonly #store: Store;
  readonly #scope: EventScope;
  readonly #listeners = new Set<EventListener>();
  readonly #stop: () => void;
  #waiting: Change[] = [];
  #running = false;
  #isClosed = false;
  #batch: WrittenEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Store, scope: EventScope) {
    this.#store = store;
    this.#scope = scope;
    this.#stop = store.changes.subscribe((change) => {
      this.#waiting.push(change);
      if (!this.#running) void this.#run();
    });
  }

  /**
   * Delivers the events of all later changes to the listener, and possibly the events of a few earlier
   * changes. Returns a function that unsubscribes the listener.
   */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isUsed(): boolean {
    return this.#listeners.size > 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#batch = [];
  }

  /**
   * Returns the event for a change; `null` if the change does not concern the account and query of this
   * source. While the database of the store does not answer, the event is delayed.
   */
  async eventOf(change: Change): Promise<WrittenEvent | null> {
    const event = await whenAvailable(
      () => this.#event(change),
      () => this.#isClosed,
    );
    return event === null ? null : written(event);
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      const slice = new TimeSlice();
      for (let next = 0; next < this.#waiting.length; next++) {
        if (slice.over) await slice.rest();
        const change = this.#waiting[next];
        const event = change === undefined ? null : await this.eventOf(change);
        if (event !== null) this.#add(event);
        if (next > CUT_AFTER) {
          this.#waiting = this.#waiting.slice(next + 1);
          next = -1;
        }
      }
      this.#waiting = [];
    } catch (error) {
      this.#waiting = [];
      for (const listener of [...this.#listeners]) listener.fail(error);
    } finally {
      this.#running = false;
    }
  }

  #add(event: WrittenEvent): void {
    this.#forgetEarlier(event);
    this.#batch.push(event);
    if (this.#batch.length >= MAX_BATCH) this.#deliver();
    else if (this.#timer === undefined) {
      this.#deliver();
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#deliver();
      }, PAUSE).unref();
    }
  }

  /**
   * Removes the last event of the batch if it reports a change of the same account as the new event: the new event
   * makes it superfluous.
   */
  #forgetEarlier({ event }: WrittenEvent): void {
    if (event.type !== 'account-changed') return;
    const last = this.#batch.at(-1)?.event;
    if (last?.type === 'account-changed' && last.account === event.account) this.#batch.pop();
  }

  #deliver(): void {
    if (this.#batch.length === 0) return;
    const batch = new EventBatch(this.#batch);
    this.#batch = [];
    for (const listener of [...this.#listeners]) listener.take(batch);
  }

  async #event(change: Change): Promise<Event | null> {
    if ('message' in change) return this.#eventOfMessage(change);
    if ('mailbox' in change) return null;
    const { account } = this.#scope;
    const { seq } = change;
    if (change.kind === 'record')
      return { type: 'record', seq, collection: change.collection, key: change.key };
    return account === ALL || change.account === account
      ? { type: change.kind, seq, account: change.account }
      : null;
  }

  async #eventOfMessage(change: MessageChange): Promise<Event | null> {
    const places = 'places' in change ? change.places : 'place' in change ? [change.place] : undefined;
    if (places !== undefined && !this.#isHere(places)) return this.#countsOf(change.seq, places);
    const { seq, message } = change;
    switch (change.kind) {
      case 'message-added':
      case 'placed':
        return this.#message('message', seq, message);
      case 'message-removed':
        return { type: 'removed', seq, account: this.#scope.account, id: message };
      case 'expunged':
        return this.#removedOrNull(seq, message);
      case 'flagged':
      case 'tagged':
      case 'annotated':
        return this.#message('updated', seq, message);
    }
  }

  /**
   * Returns the event for a change in another account that may have changed its numbers of messages and unread
   * messages. Only the stream of the account `all` without a query reports other accounts.
   */
  #countsOf(seq: Seq, [place]: readonly Place[]): Event | null {
    const { account, query } = this.#scope;
    if (account !== ALL || query.kind !== 'all' || place === undefined) return null;
    return { type: 'account-changed', seq, account: place.account };
  }

  #isHere(places: readonly Place[]): boolean {
    return places.some(({ account }) => account === this.#scope.account);
  }

  /** Returns a `removed` event if the account has no copy of the message left; otherwise `null`. */
  async #removedOrNull(seq: Seq, id: MessageId): Promise<Event | null> {
    const { account } = this.#scope;
    const listed = await this.#store.messages.listed(id, account);
    return listed === undefined ? { type: 'removed', seq, account, id } : null;
  }

  async #message(type: 'message' | 'updated', seq: Seq, id: MessageId): Promise<Event | null> {
    const { account, query } = this.#scope;
    const listed = await this.#store.messages.listed(id, account);
    if (listed === undefined || !(await this.#store.messages.matches(query, id, account))) return null;
    return { type, seq, account, message: presentSummary(listed) };
  }
}

/** The event sources of all open streams: one source for each account and query. */
export class EventSources {
  /** Limits the time for writing to streams in one turn of the event loop, whatever the number of streams. */
  readonly turn = new SharedSlice();
  readonly #store: Store;
  readonly #sources = new Map<string, EventSource>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Returns the event source for an account and a query; the source is created if necessary. The caller must
   * call `listen` of the source at once, because the next `release` closes a source without listeners.
   */
  of(scope: EventScope): EventSource {
    const key = keyOf(scope);
    let source = this.#sources.get(key);
    if (source === undefined) this.#sources.set(key, (source = new EventSource(this.#store, scope)));
    return source;
  }

  /** Closes the event source for an account and a query if it has no listeners left. */
  release(scope: EventScope): void {
    const key = keyOf(scope);
    const source = this.#sources.get(key);
    if (source === undefined || source.isUsed) return;
    source.close();
    this.#sources.delete(key);
  }
}

const keyOf = ({ account, query }: EventScope): string => `${account} ${printQuery(query)}`;
