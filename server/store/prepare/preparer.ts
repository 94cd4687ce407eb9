/**
 * Prepares new messages: reads them and hands their bytes to the journal. A large one is prepared by a thread, so that
 * nobody waits for it. The others are prepared on the spot: to pass them on made capture a third slower, also where
 * many came at once, since on two processors the thread has to wait for its turn.
 */
import { threadEntry } from '../../bundle.ts';
import type { MessageId } from '../ids.ts';
import type { Journal } from '../journal.ts';
import type { NewMessage } from '../store.ts';
import type { SharedSlice } from '../time-slice.ts';
import { owned, readMessage } from './read-message.ts';
import type { Prepared } from './task.ts';
import { PrepareThread } from './thread.ts';

/** Octets from which on reading a message would hold up others for tens of milliseconds. */
const LARGE = 1 << 20;
/** Octets below which strings that were cut from a message may keep what they were cut from: it is little more. */
const SMALL = 8 << 10;

export interface PreparerParts {
  readonly journal: Journal;
  readonly slice: SharedSlice;
  /** Entry of the thread, by default the bundle's; `null` to prepare everything on the spot. */
  readonly thread?: string | null;
  /** Octets from which on a message is large; a megabyte when absent. */
  readonly large?: number;
}

export class Preparer {
  readonly #journal: Journal;
  readonly #slice: SharedSlice;
  readonly #thread: PrepareThread | undefined;
  readonly #large: number;

  constructor(parts: PreparerParts) {
    const { journal, slice, thread = threadEntry('prepare-worker'), large = LARGE } = parts;
    this.#journal = journal;
    this.#slice = slice;
    this.#large = large;
    if (thread !== null) this.#thread = new PrepareThread(thread, journal.threadWorld);
  }

  /** Throws `StoreError('unwritable')` when bytes cannot be written. */
  async prepare(message: NewMessage, id: MessageId, now: number): Promise<Prepared> {
    const { raw } = message;
    this.#journal.assertTakesMail();
    if (this.#thread !== undefined && raw.length >= this.#large) {
      const bare = { ...message, raw: undefined, targets: undefined, records: undefined };
      const prepared = await this.#thread.prepare({ id, now, message: bare, raw: new Uint8Array(raw) });
      if (prepared !== null) {
        if (this.#journal.threadWorld.directory === null) await this.#journal.putRaw(id, raw);
        return prepared;
      }
    }
    await this.#slice.take();
    const { summary, detail, sum } = readMessage(message, raw, id, now);
    await this.#journal.putRaw(id, raw);
    return { summary: raw.length < SMALL ? summary : owned(summary), detail, sum };
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }
}
