/**
 * Prepares new messages: reads them and hands their bytes to the journal. One that comes alone is prepared on the
 * spot, which is the quickest for it; where many come at once, or a large one, a thread does it and leaves the event
 * loop to those that are being received.
 */
import { threadEntry } from '../../bundle.ts';
import type { MessageId } from '../ids.ts';
import type { Journal } from '../journal.ts';
import type { DetailText } from '../state/entry.ts';
import type { MessageSummary, NewMessage } from '../store.ts';
import type { SharedSlice } from '../time-slice.ts';
import { owned, readMessage } from './read-message.ts';
import type { PrepareTask } from './task.ts';
import { PrepareThread } from './thread.ts';

/** Octets from which on reading a message would hold up others. */
const LARGE = 1 << 20;
/** Messages of one turn of the loop from which on there is a crowd. */
const CROWD = 2;
/** Crowded turns before a thread pays: it takes as long to start as a hundred messages take to read. */
const PAYS = 20;
/** Milliseconds that a crowd is expected to stay. */
const STAY = 100;

export interface Prepared {
  /** Its strings are its own: none keeps the bytes of the message alive. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** For the search index, where it was made on the way. */
  readonly signature?: Uint16Array;
}

export interface PreparerParts {
  readonly journal: Journal;
  readonly slice: SharedSlice;
  /** Entry of the thread, by default the bundle's; `null` to prepare everything on the spot. */
  readonly thread: string | null | undefined;
}

export class Preparer {
  readonly #journal: Journal;
  readonly #slice: SharedSlice;
  readonly #thread: PrepareThread | undefined;
  #inThisTurn = 0;
  #crowdedTurns = 0;
  #crowdedUntil = 0;

  constructor({ journal, slice, thread = threadEntry('prepare-worker') }: PreparerParts) {
    this.#journal = journal;
    this.#slice = slice;
    if (thread !== null) this.#thread = new PrepareThread(thread, journal.threadWorld);
  }

  /** Throws `StoreError('io')` when bytes cannot be written. */
  async prepare(message: NewMessage, id: MessageId, now: number): Promise<Prepared> {
    const { raw } = message;
    const isCrowded = this.#noticeCrowd();
    if (this.#thread !== undefined && (isCrowded || raw.length > LARGE)) {
      const bare = { ...message, raw: undefined, targets: undefined };
      const prepared = await this.#prepareInThread(
        this.#thread,
        { id, now, message: bare, size: raw.length },
        raw,
      );
      if (prepared !== null) return prepared;
    }
    await this.#slice.take();
    const { summary, detail } = readMessage(message, raw, id, now);
    await this.#journal.putRaw(id, raw);
    return { summary: owned(summary), detail };
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  async #prepareInThread(thread: PrepareThread, task: PrepareTask, raw: Buffer): Promise<Prepared | null> {
    const answer = await thread.prepare(task, raw);
    if (answer === null) return null;
    if (this.#journal.threadWorld.directory === null) await this.#journal.putRaw(task.id, raw);
    const summary = JSON.parse(answer.summary) as Prepared['summary'];
    return { summary, detail: answer.detail, signature: answer.signature };
  }

  /** Whether messages come so thick that a thread pays. */
  #noticeCrowd(): boolean {
    if (this.#inThisTurn++ === 0) setImmediate(() => this.#endTurn());
    return this.#crowdedTurns >= PAYS && performance.now() < this.#crowdedUntil;
  }

  #endTurn(): void {
    if (this.#inThisTurn >= CROWD) {
      this.#crowdedTurns++;
      this.#crowdedUntil = performance.now() + STAY;
    } else if (performance.now() >= this.#crowdedUntil) {
      this.#crowdedTurns = 0;
    }
    this.#inThisTurn = 0;
  }
}
