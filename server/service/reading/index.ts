/**
 * Parses messages for the API: a small message in the main thread, a large message in a worker thread with a
 * deadline and a memory limit, so that no message can block the server. The results for large messages,
 * including failures, are cached.
 */
import type { MessageId } from '../../store/ids.ts';
import { LARGE } from '../../store/find/language/match.ts';
import type { Store } from '../../store/store.ts';
import { copyOf, JobError, type Job } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import { notFound, ProblemError } from '../../../contract/problems.ts';

/** The maximum size of the cache in octets, and the maximum size of one cached result. */
const REMEMBERED = 32 << 20;
const LARGEST = 8 << 20;

interface Entry {
  readonly output: Promise<unknown>;
  /** The size of the cached result in octets; 0 while the job is running. */
  size: number;
}

function sizeOf(output: unknown): number {
  if (output instanceof Uint8Array) return output.length;
  if (typeof output !== 'object' || output === null) return 100;
  return Object.values(output).reduce<number>(
    (sum, value) => sum + (value instanceof Uint8Array ? value.length : 100),
    0,
  );
}

/** Returns the problem document for the error of a parsing job. */
function problemOf(id: MessageId, error: unknown): unknown {
  if (!(error instanceof JobError)) return error;
  if (error.failure === 'busy') {
    return new ProblemError('busy', 'Too many large messages are being parsed: try again in a moment');
  }
  return new ProblemError(
    'unreadable',
    `Reading message ${id} was stopped: ${error.message}. Its bytes are at /api/messages/${id}/raw`,
  );
}

export class MessageReading {
  readonly #store: Store;
  readonly #threads: ThreadPool;
  /** The cached results; the most recently used one is the last. */
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  constructor({ store, threads }: { readonly store: Store; readonly threads: ThreadPool }) {
    this.#store = store;
    this.#threads = threads;
  }

  /** Returns whether a message of the given size in octets is parsed in a worker thread. */
  static isLarge(size: number): boolean {
    return size >= LARGE;
  }

  /**
   * Runs a job on the bytes of a message and returns the output of the job. Outputs are shared: the caller
   * must not change them.
   * @param more the input of the job besides the bytes. `key` must be different for each input of the same
   *   message.
   */
  async read<Input extends { readonly raw: Uint8Array }, Output>(
    job: Job<Input, Output>,
    { id, size }: { readonly id: MessageId; readonly size: number },
    more: Omit<Input, 'raw'>,
    key = '',
  ): Promise<Output> {
    try {
      if (!MessageReading.isLarge(size))
        return await job.run({ ...more, raw: await this.#raw(id) } as unknown as Input);
      return (await this.#shared(`${job.name} ${id} ${key}`, () =>
        this.#threads.run(
          job,
          async () => ({ ...more, raw: await copyOf(await this.#raw(id)) }) as unknown as Input,
        ),
      )) as Output;
    } catch (error) {
      throw problemOf(id, error);
    }
  }

  async #raw(id: MessageId): Promise<Buffer> {
    const raw = await this.#store.messages.raw(id);
    if (raw === undefined) throw notFound(`The bytes of message ${id} were deleted`);
    return raw;
  }

  #shared(key: string, read: () => Promise<unknown>): Promise<unknown> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.output;
    }
    const entry: Entry = { output: read(), size: 0 };
    this.#entries.set(key, entry);
    entry.output.then(
      (output) => this.#weigh(key, entry, sizeOf(output)),
      (error: unknown) => {
        // A job that exceeded a limit would exceed it again, so its failure is cached. The failure `busy` is
        // not cached, because the next try may succeed.
        const lasts = error instanceof JobError && error.failure !== 'busy';
        if (lasts) this.#weigh(key, entry, 100);
        else this.#forget(key);
      },
    );
    return entry.output;
  }

  #weigh(key: string, entry: Entry, size: number): void {
    if (this.#entries.get(key) !== entry) return;
    if (size > LARGEST) {
      this.#forget(key);
      return;
    }
    entry.size = size;
    this.#size += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= REMEMBERED) return;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#size -= this.#entries.get(key)?.size ?? 0;
    this.#entries.delete(key);
  }
}
