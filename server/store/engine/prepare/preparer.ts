/**
 * Prepares new messages: reads them and stores their bytes. A worker thread prepares large messages, so that
 * other clients do not wait for them. Small messages are prepared in the calling thread: in a measurement on
 * two processors, a worker thread made the capture of small messages a third slower, because the worker had
 * to wait for processor time.
 */
import { readFile } from 'node:fs/promises';
import { threadEntry } from '../../../bundle.ts';
import { octetCount, type MessageOctets } from '../../../message/octets.ts';
import { JobError } from '../../../thread/job.ts';
import { jobOctets } from '../../../thread/message-octets.ts';
import { ThreadPool } from '../../../thread/pool.ts';
import type { MessageId } from '../../ids.ts';
import type { PrepareLimits } from '../../options.ts';
import { OWN_FILE, type RawPlace } from '../../position.ts';
import type { NewRaw } from '../../raw-ref.ts';
import { octetsOf, type NewMessage, type NewMessageFile } from '../../store.ts';
import type { SharedSlice } from '../../../async/time-slice.ts';
import { job } from './job.ts';
import { owned, readMessage } from './read-message.ts';
import type { Prepared, ReadResult, ThreadWorld } from './task.ts';
import { describeUnread } from './unread-message.ts';

/**
 * Size in octets from which a message is prepared in a worker thread. Reading such a message in the main
 * thread would block all clients for tens of milliseconds.
 */
const LARGE = 1 << 20;
/**
 * The size, in octets, up to which the strings of a summary are substrings of the text of the message. A
 * substring keeps that whole text in memory. The strings of larger messages are copied; for small messages,
 * copies would save almost nothing.
 */
const SMALL = 8 << 10;
/**
 * Number of worker threads: with two, one slow message does not block the next message; more threads would hold
 * more messages in memory.
 */
const THREADS = 2;

/** Storage for the bytes of new messages. */
export interface RawTarget {
  /** The information that a worker thread needs in order to write the bytes of messages to this storage. */
  readonly threadWorld: ThreadWorld;
  /**
   * Throws `StoreError('unwritable')` if the storage currently accepts no new messages. Called before a
   * message is prepared, to avoid useless work.
   */
  assertTakesMail(): void;
  /** Writes a message's bytes to the page cache of the kernel. Throws `StoreError('unwritable')`. */
  putRaw(message: NewRaw): Promise<RawPlace>;
  /** Stores a message's bytes from a file, which is not removed. Throws `StoreError('unwritable')`. */
  putFile(id: MessageId, file: string): Promise<RawPlace>;
}

export interface PreparerParts {
  readonly target: RawTarget;
  readonly slice: SharedSlice;
  /**
   * Path of the script that the worker threads run; by default the script in the bundle. With `null`, no
   * worker thread is started and every message is prepared in the calling thread.
   */
  readonly thread?: string | null;
  /** Size in octets from which a message is prepared in a worker thread; 1 MiB by default. */
  readonly large?: number;
  readonly prepareLimits?: PrepareLimits;
}

export class Preparer {
  readonly #target: RawTarget;
  readonly #slice: SharedSlice;
  readonly #threads: ThreadPool;
  readonly #large: number;

  constructor(parts: PreparerParts) {
    const { target, slice, thread = threadEntry('job-worker'), large = LARGE } = parts;
    this.#target = target;
    this.#slice = slice;
    this.#large = large;
    this.#threads = new ThreadPool({ file: thread, threads: THREADS, ...parts.prepareLimits });
  }

  /** Reads a message and stores its bytes. Throws `StoreError('unwritable')` when the bytes cannot be written. */
  async prepare(message: NewMessage | NewMessageFile, id: MessageId, now: number): Promise<Prepared> {
    this.#target.assertTakesMail();
    const octets = octetsOf(message);
    if (this.#threads.isThreaded && octetCount(octets) >= this.#large) {
      return this.#prepareLarge(message, octets, id, now);
    }
    await this.#slice.take();
    const raw = Buffer.isBuffer(octets) ? octets : await readFile(octets.file);
    const { summary, detail, sum } = readMessage(message, raw, id, now);
    return this.#write(octets, { summary: raw.length < SMALL ? summary : owned(summary), detail, sum });
  }

  async close(): Promise<void> {
    await this.#threads.close();
  }

  async #prepareLarge(
    message: NewMessage | NewMessageFile,
    octets: MessageOctets,
    id: MessageId,
    now: number,
  ): Promise<Prepared> {
    // Fields that the worker thread does not need are removed before the message is sent to the thread. The
    // bytes of the message are sent separately.
    const bare = { ...message, raw: undefined, file: undefined, targets: undefined, records: undefined };
    const world = this.#target.threadWorld;
    try {
      const { prepared, isWritten } = await this.#threads.run(job, async () => ({
        id,
        now,
        message: bare,
        world,
        raw: await jobOctets(octets),
      }));
      return isWritten ? { ...prepared, raw: OWN_FILE } : await this.#write(octets, prepared);
    } catch (error) {
      if (!(error instanceof JobError)) throw error;
      // The file is stored before it is read, so that a missing file is reported as a failure of the storage.
      const raw = Buffer.isBuffer(octets) ? undefined : await this.#target.putFile(id, octets.file);
      const read = await describeUnread(message, octets, id, now, error.message);
      return raw === undefined ? this.#write(octets, read) : { ...read, raw };
    }
  }

  /** Stores the bytes of a message that was read. */
  async #write(octets: MessageOctets, read: ReadResult): Promise<Prepared> {
    const { id, receivedAt } = read.summary;
    const raw = Buffer.isBuffer(octets)
      ? await this.#target.putRaw({ id, raw: octets, sum: read.sum, receivedAt })
      : await this.#target.putFile(id, octets.file);
    return { ...read, raw };
  }
}
