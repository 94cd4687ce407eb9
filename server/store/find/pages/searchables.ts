/**
 * A cache of the searchable contents of messages. Simultaneous searches read each message only once, for
 * example when a new message ends a hundred waits or is sent to fifty event streams. Large messages are read
 * in a worker thread.
 */
import { copyOf, JobError } from '../../../thread/job.ts';
import type { ThreadPool } from '../../../thread/pool.ts';
import type { MessageId } from '../../ids.ts';
import { LARGE } from '../language/match.ts';
import type { MessageRecord } from '../../model/mail.ts';
import type { Searchable } from '../language/searched.ts';
import { job, NOTHING_TO_SEARCH, readSearchable } from './searchable.ts';

/** Maximum total number of characters in the cached contents of messages. */
const REMEMBERED = 1 << 24;

interface Entry {
  readonly searchable: Promise<Searchable>;
  /** Number of characters in the content of the message; 0 while the message is being read. */
  size: number;
}

const sizeOf = ({ text, headers }: Searchable): number =>
  headers.reduce((sum, { value, folded }) => sum + value.length + folded.length, text.length + 1);

export class Searchables {
  readonly #raw: (id: MessageId) => Promise<Buffer | undefined>;
  readonly #threads: ThreadPool | undefined;
  /** The cached contents of messages, ordered by their last use; the most recently used content is at the end. */
  readonly #entries = new Map<MessageId, Entry>();
  #size = 0;
  /** Number of messages that were read so far. Tests use it to check the cache. */
  read = 0;

  constructor(raw: (id: MessageId) => Promise<Buffer | undefined>, threads: ThreadPool | undefined) {
    this.#raw = raw;
    this.#threads = threads;
  }

  /** Returns the searchable content of a message. Never rejects: an unreadable message has no content. */
  of(record: Pick<MessageRecord, 'id' | 'size'>): Promise<Searchable> {
    const { id } = record;
    const known = this.#entries.get(id);
    if (known !== undefined) {
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known.searchable;
    }
    const searchable = this.#read(record).catch((error: unknown) => {
      // If reading the message took too long, the empty content stays in the cache, so the message is not
      // read again. If reading failed for another reason, such as busy worker threads, the next search reads
      // the message again.
      if (!(error instanceof JobError) || error.failure === 'busy') this.#forget(id);
      return NOTHING_TO_SEARCH;
    });
    const entry: Entry = { searchable, size: 0 };
    this.#entries.set(id, entry);
    void searchable.then((found) => this.#weigh(id, entry, sizeOf(found)));
    return searchable;
  }

  async #read({ id, size }: Pick<MessageRecord, 'id' | 'size'>): Promise<Searchable> {
    this.read++;
    const raw = await this.#raw(id);
    if (raw === undefined) return NOTHING_TO_SEARCH;
    if (size < LARGE || this.#threads === undefined) return readSearchable(raw);
    return this.#threads.run(job, () => copyOf(raw));
  }

  #weigh(id: MessageId, entry: Entry, size: number): void {
    if (this.#entries.get(id) !== entry) return;
    entry.size = size;
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= REMEMBERED) return;
      this.#forget(oldest);
    }
  }

  #forget(id: MessageId): void {
    this.#size -= this.#entries.get(id)?.size ?? 0;
    this.#entries.delete(id);
  }
}
