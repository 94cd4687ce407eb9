/**
 * The store's changes as events, for all streams with the same account and query: each change is turned into an event
 * and serialised once, whatever the number of streams. Events are sent in batches: the first event at once, later ones
 * after a pause, so that many changes need few writes to each stream. Capture never waits: changes are queued here, and
 * each stream takes batches at its own pace.
 */
import { ALL, type AccountName, type MessageId, type Seq } from '../../store/ids.ts';
import type { Change, Place } from '../../store/changes.ts';
import type { Query } from '../../store/query/ast.ts';
import { printQuery } from '../../store/query/print.ts';
import type { Store } from '../../store/store.ts';
import { SharedSlice, TimeSlice } from '../../store/time-slice.ts';
import type { Event } from '../../../contract/index.ts';
import { presentSummary } from '../../service/present/message.ts';

/** Milliseconds between batches. */
const PAUSE = 25;
/** Events of one batch: some 100 KB. */
const MAX_BATCH = 200;
/** Changes that are handled before they are removed from the queue. */
const CUT_AFTER = 500;

export interface EventScope {
  readonly account: AccountName;
  readonly query: Query;
}

export interface WrittenEvent {
  readonly event: Event;
  /** JSON. */
  readonly text: string;
}

export const written = (event: Event): WrittenEvent => ({ event, text: JSON.stringify(event) });

/** Events that are sent together. All streams share the object, and so its encodings. */
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

  /** As server-sent events. */
  get block(): Buffer {
    this.#block ??= Buffer.from(
      this.events
        .map(({ event, text }) => `id: ${event.seq}\nevent: ${event.type}\ndata: ${text}\n\n`)
        .join(''),
    );
    return this.#block;
  }

  /** As unmasked WebSocket text frames (RFC 6455 §5.2), one for each event. */
  get frames(): Buffer {
    this.#frames ??= Buffer.concat(this.events.map(({ text }) => textFrame(text)));
    return this.#frames;
  }

  /** The events after a seq. */
  after(seq: Seq): EventBatch {
    const rest = this.events.filter(({ event }) => event.seq > seq);
    return rest.length === this.length ? this : new EventBatch(rest);
  }
}

/** FIN, and the opcode of text. */
const TEXT_FRAME = 0x81;
/** Payload lengths of 126 and more follow in 2 octets, of 65,536 and more in 8. */
const LENGTH_16 = 126;
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
  /** Changes can no longer be turned into events. */
  fail(error: unknown): void;
}

export class EventSource {
  readonly #store: Store;
  readonly #scope: EventScope;
  readonly #listeners = new Set<EventListener>();
  readonly #stop: () => void;
  #waiting: Change[] = [];
  #running = false;
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

  /** Delivers events of changes from now on, and possibly of a few earlier changes. The returned function unsubscribes. */
  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get isUsed(): boolean {
    return this.#listeners.size > 0;
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#batch = [];
  }

  /** The event of a change; `null` if the change is outside the scope. */
  async eventOf(change: Change): Promise<WrittenEvent | null> {
    const event = await this.#event(change);
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

  #deliver(): void {
    if (this.#batch.length === 0) return;
    const batch = new EventBatch(this.#batch);
    this.#batch = [];
    for (const listener of [...this.#listeners]) listener.take(batch);
  }

  async #event(change: Change): Promise<Event | null> {
    const { account } = this.#scope;
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
    return places.some(({ account }) => account === this.#scope.account);
  }

  async #removedOrUpdated(seq: Seq, id: MessageId): Promise<Event | null> {
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

/** The sources of all open streams: one for each account and query. */
export class EventSources {
  /** Limits the writes to streams in one turn of the event loop, whatever the number of streams. */
  readonly turn = new SharedSlice();
  readonly #store: Store;
  readonly #sources = new Map<string, EventSource>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The source of a scope. Call its `listen` at once: the next `release` closes a source without listeners. */
  of(scope: EventScope): EventSource {
    const key = keyOf(scope);
    let source = this.#sources.get(key);
    if (source === undefined) this.#sources.set(key, (source = new EventSource(this.#store, scope)));
    return source;
  }

  /** Closes the source of a scope if it has no listeners left. */
  release(scope: EventScope): void {
    const key = keyOf(scope);
    const source = this.#sources.get(key);
    if (source === undefined || source.isUsed) return;
    source.close();
    this.#sources.delete(key);
  }
}

const keyOf = ({ account, query }: EventScope): string => `${account} ${printQuery(query)}`;
