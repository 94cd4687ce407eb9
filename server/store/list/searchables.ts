/**
 * What searches look through in messages, read once for all who look at the same time: a hundred waits that end
 * together, an event for fifty streams. Large messages are read in a thread.
 */
import { copyOf, JobError } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import type { MessageId } from '../ids.ts';
import { LARGE } from '../query/match.ts';
import type { MessageRecord } from '../state/mail.ts';
import type { Searchable } from '../query/searched.ts';
import { job, NOTHING_TO_SEARCH, readSearchable } from './searchable.ts';

/** Characters remembered. */
const REMEMBERED = 1 << 24;

interface Entry {
  readonly searchable: Promise<Searchable>;
  /** Characters; 0 while it is being read. */
  size: number;
}

const sizeOf = ({ text, headers }: Searchable): number =>
  headers.reduce((sum, { value, folded }) => sum + value.length + folded.length, text.length + 1);

export class Searchables {
  readonly #raw: (id: MessageId) => Promise<Buffer | undefined>;
  readonly #threads: ThreadPool | undefined;
  /** The one used last is at the end. */
  readonly #entries = new Map<MessageId, Entry>();
  #size = 0;
  /** Messages read: what the work has been. */
  read = 0;

  constructor(raw: (id: MessageId) => Promise<Buffer | undefined>, threads: ThreadPool | undefined) {
    this.#raw = raw;
    this.#threads = threads;
  }

  /** Never rejects: what cannot be read has nothing to search. */
  of(record: MessageRecord): Promise<Searchable> {
    const { id } = record;
    const known = this.#entries.get(id);
    if (known !== undefined) {
      this.#entries.delete(id);
      this.#entries.set(id, known);
      return known.searchable;
    }
    const searchable = this.#read(record).catch((error: unknown) => {
      // A message that takes too long would do so again; where too many wait, the next search may have more luck.
      if (!(error instanceof JobError) || error.failure === 'busy') this.#forget(id);
      return NOTHING_TO_SEARCH;
    });
    const entry: Entry = { searchable, size: 0 };
    this.#entries.set(id, entry);
    void searchable.then((found) => this.#weigh(id, entry, sizeOf(found)));
    return searchable;
  }

  async #read({ id, size }: MessageRecord): Promise<Searchable> {
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
