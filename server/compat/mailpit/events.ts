/**
 * Mailpit's events: text frames `{"Type":…,"Data":…}` over a WebSocket. Every stream listens to the changes of the
 * store, collects those of one turn of the event loop, and sends them in their order.
 */
import type { WebSocket } from '@fastify/websocket';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { Change } from '../../store/changes.ts';
import type { AccountName, MessageId } from '../../store/ids.ts';
import type { CompatDeps } from '../call.ts';
import { MAILPIT_VERSION, summaryOf } from './summary.ts';

/** The time between a change of the store and the event with the new message counts, in milliseconds. */
const STATS_DELAY = 250;
/** The time between two pings, in milliseconds. */
const PING = 54_000;
/**
 * The minimum number of simultaneous deletions that are reported by one event `prune` instead of an event for each
 * deletion.
 */
const MANY = 200;
/** The number of octets that may be buffered for a client; a slower client is disconnected. */
const MAX_BUFFERED = 8_000_000;

type EventDeps = Pick<CompatDeps, 'store' | 'logger'>;

class EventStream {
  readonly #deps: EventDeps;
  readonly #socket: WebSocket;
  readonly #account: AccountName;
  readonly #queue = new SerialQueue();
  #changes: Change[] = [];
  #stats: NodeJS.Timeout | undefined;

  constructor(deps: EventDeps, socket: WebSocket, account: AccountName) {
    this.#deps = deps;
    this.#socket = socket;
    this.#account = account;
    const stop = deps.store.changes.subscribe((change) => this.#add(change));
    let isAlive = true;
    const pings = setInterval(() => {
      if (isAlive) socket.ping();
      else socket.terminate();
      isAlive = false;
    }, PING);
    socket.on('pong', () => {
      isAlive = true;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      stop();
      clearInterval(pings);
      clearTimeout(this.#stats);
    });
    this.#sendStatsSoon();
  }

  #add(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > 1) return;
    setImmediate(() => {
      const changes = this.#changes;
      this.#changes = [];
      this.#queue
        .run(() => this.#sendChanges(changes))
        .catch((error: unknown) => {
          this.#deps.logger.error({ err: error }, 'mailpit: an event stream failed');
          this.#socket.terminate();
        });
    });
  }

  async #sendChanges(changes: readonly Change[]): Promise<void> {
    const removed: MessageId[] = [];
    for (const change of changes) {
      const id = removedBy(change, this.#account);
      if (id === null) await this.#sendChange(change);
      else removed.push(id);
    }
    await this.#sendRemoved(removed);
    this.#sendStatsSoon();
  }

  async #sendChange(change: Change): Promise<void> {
    if (change.kind === 'message-added') {
      const listed = await this.#deps.store.messages.listed(change.message, this.#account);
      if (listed !== undefined) this.#send('new', summaryOf(listed));
    } else if (change.kind === 'flagged') {
      const Read = change.flags.includes('\\Seen');
      if (change.place.account === this.#account) this.#send('update', { ID: change.message, Read });
    } else if (change.kind === 'tagged') {
      const listed = await this.#deps.store.messages.listed(change.message, this.#account);
      if (listed !== undefined) this.#send('update', { ID: change.message, Tags: change.tags });
    }
  }

  async #sendRemoved(ids: readonly MessageId[]): Promise<void> {
    if (ids.length === 0) return;
    const left = (await this.#deps.store.accounts.get(this.#account))?.messages ?? 0;
    if (left === 0) this.#send('truncate', null);
    else if (ids.length > MANY) this.#send('prune', null);
    else for (const ID of ids) this.#send('delete', { ID });
  }

  #sendStatsSoon(): void {
    this.#stats ??= setTimeout(() => {
      this.#stats = undefined;
      void this.#queue.run(async () => {
        const info = await this.#deps.store.accounts.get(this.#account);
        const counts = { Total: info?.messages ?? 0, Unread: info?.unread ?? 0 };
        this.#send('stats', { ...counts, Version: MAILPIT_VERSION });
      });
    }, STATS_DELAY);
  }

  #send(Type: string, Data: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED) this.#socket.terminate();
    else this.#socket.send(JSON.stringify({ Type, Data }));
  }
}

/** Returns the message that a change removed from an account; `null` for any other change. */
function removedBy(change: Change, account: AccountName): MessageId | null {
  if (change.kind === 'expunged') return change.place.account === account ? change.message : null;
  if (change.kind !== 'message-removed') return null;
  return change.places.some((place) => place.account === account) ? change.message : null;
}

/** Sends the events of an account until the client or the server closes the WebSocket. */
export function streamEvents(deps: EventDeps, socket: WebSocket, account: AccountName): void {
  new EventStream(deps, socket, account);
}
