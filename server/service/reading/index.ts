/**
 * Reads messages for the API: a small one at once, a large one in a thread with a deadline and a limit on memory, so
 * that no message stops the server. What was read of large messages is remembered for a while, failures included.
 */
import type { MessageId } from '../../store/ids.ts';
import { LARGE } from '../../store/query/match.ts';
import type { Store } from '../../store/store.ts';
import { copyOf, JobError, type Job } from '../../thread/job.ts';
import type { ThreadPool } from '../../thread/pool.ts';
import { notFound, ProblemError } from '../../../contract/problems.ts';

/** Octets of outputs remembered, and of the largest that is. */
const REMEMBERED = 32 << 20;
const LARGEST = 8 << 20;

interface Entry {
  readonly output: Promise<unknown>;
  /** Octets; 0 while it is being read. */
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

/** What the caller is told, and what can be done about it. */
function problemOf(id: MessageId, error: unknown): unknown {
  if (!(error instanceof JobError)) return error;
  if (error.failure === 'busy') {
    return new ProblemError('busy', 'Too many large messages are being read. Try again in a moment');
  }
  return new ProblemError(
    'unreadable',
    `Reading message ${id} was stopped: ${error.message}. Its bytes are at /api/messages/${id}/raw`,
  );
}

export class MessageReading {
  readonly #store: Store;
  readonly #threads: ThreadPool;
  /** The one used last is at the end. */
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  constructor({ store, threads }: { readonly store: Store; readonly threads: ThreadPool }) {
    this.#store = store;
    this.#threads = threads;
  }

  /** Whether a message of so many octets is read in a thread. */
  static isLarge(size: number): boolean {
    return size >= LARGE;
  }

  /**
   * The output of a job over the message's bytes. Outputs are shared: the caller must not change them.
   * @param more the job's input besides the bytes; what distinguishes outputs of one message is in `key`
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
    if (raw === undefined) throw notFound(`The bytes of message ${id} are gone`);
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
        // What took too long would do so again; anything else may go better the next time.
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
