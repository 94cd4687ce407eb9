/**
 * Compaction: writes a new log with only the useful lines beside the old one, in the background. Lines that are
 * appended to the old log in the meantime are copied after them; then a rename replaces the old log. Until the
 * rename the old log is complete, so a compaction can be killed at any point.
 */
import { link, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimeSlice } from '../../async/time-slice.ts';
import { syncDirectory } from '../files/sync-directory.ts';
import type { Position } from '../position.ts';
import { unwritable } from '../store.ts';
import { WritableLogFile, type LogFile } from './file.ts';

/** Octets read and written at a time. */
const BLOCK = 1 << 18;
/** Maximum number of octets that are copied synchronously when the new log replaces the old one. */
const LAST_COPY = 1 << 16;

/** The useful lines of a log at one moment. */
export interface Rewrite {
  /** Writes the lines. */
  write(target: RewriteTarget): Promise<void>;
  /**
   * Called when the new log has replaced the old one, before anything is read or appended.
   *
   * @param from offset in the old log of the first line that was appended after that moment
   * @param by octets by which this line and the following ones have moved
   */
  moved(from: number, by: number): void;
}

export interface RewriteTarget {
  /** Writes a line to the new log. Resolves with its offset there. Rejects when the compaction is aborted. */
  write(line: Buffer): Promise<number>;
  /** Reads octets of the old log. */
  read(position: Position): Promise<Buffer>;
}

export interface CompactionOptions {
  /** Prepares the rewrite. Nothing is appended to the log until the promise resolves. */
  readonly begin: () => Promise<Rewrite>;
  /** Awaited before the new log replaces the old one. */
  readonly beforeEnd: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Whether the appended lines must be synced to the disk. */
  readonly fsync: boolean;
  /** Name under which the old log is kept in the same directory. */
  readonly keepOld?: string;
}

/** The parts of a log that its compaction uses. */
export interface CompactionParts {
  readonly old: LogFile;
  /** Runs `work` while nothing is appended. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  /** Replaces the old file by the new one for all further calls. */
  readonly replace: (file: LogFile) => void;
}

/** Compacts a log. If it fails or is aborted, the old log stays in use. */
export async function compact(parts: CompactionParts, options: CompactionOptions): Promise<void> {
  await nextTurn();
  const { old, hold, replace } = parts;
  const { begin, beforeEnd, signal, keepOld } = options;
  const name = `${old.path}.part`;
  await rm(name, { force: true, recursive: true });
  signal.throwIfAborted();
  const target = new WritableLogFile(name);
  try {
    const { covered, rewrite } = await hold(async () => ({ covered: old.size, rewrite: await begin() }));
    const compaction = new Compaction(old, target, covered, options);
    await compaction.run(rewrite);
    await beforeEnd();
    if (keepOld !== undefined) await link(old.path, path.join(path.dirname(old.path), keepOld));
    await compaction.finish((by) => {
      replace(target);
      rewrite.moved(covered, by);
    });
    await syncDirectory(path.dirname(target.path));
  } catch (error) {
    if (target.path === name) {
      target.retire();
      await rm(name, { force: true });
    }
    throw error;
  }
}

class Compaction {
  readonly #old: LogFile;
  readonly #new: WritableLogFile;
  readonly #options: CompactionOptions;
  /** Octets of the old log that the rewrite covers. */
  readonly #covered: number;
  /** Octets of the old log that are copied or covered by the rewrite. */
  #copied: number;
  /** Offset in the new log of the lines that were appended to the old one. */
  #tail = 0;
  readonly #slice = new TimeSlice();
  #buffered: Buffer[] = [];
  #bufferedSize = 0;

  constructor(old: LogFile, target: WritableLogFile, covered: number, options: CompactionOptions) {
    this.#old = old;
    this.#new = target;
    this.#covered = covered;
    this.#copied = covered;
    this.#options = options;
  }

  /** Writes the useful lines and copies most of the lines that were appended in the meantime. */
  async run(rewrite: Rewrite): Promise<void> {
    await rewrite.write({
      write: (line) => this.#write(line),
      read: (position) => this.#old.read(position),
    });
    await this.#flush();
    this.#tail = this.#new.size;
    await this.#copyMost();
    await this.#new.sync();
  }

  /**
   * Copies the remaining lines and gives the new log the name of the old one.
   *
   * @param replace called with the octets by which the copied lines have moved
   */
  async finish(replace: (by: number) => void): Promise<void> {
    await this.#copyMost();
    // From here on, no `await`: nothing can be appended or read in between.
    this.#new.append(this.#old.readNow(this.#copied, this.#old.size - this.#copied));
    if (this.#options.fsync) this.#new.syncNow();
    if (!this.#old.isInPlace) throw unwritable('the message log is not where it was');
    this.#new.moveTo(this.#old.path);
    replace(this.#tail - this.#covered);
  }

  async #write(line: Buffer): Promise<number> {
    const offset = this.#new.size + this.#bufferedSize;
    this.#buffered.push(line);
    this.#bufferedSize += line.length;
    if (this.#bufferedSize >= BLOCK) await this.#flush();
    if (this.#slice.over) {
      await this.#slice.rest();
      this.#options.signal.throwIfAborted();
    }
    return offset;
  }

  async #flush(): Promise<void> {
    if (this.#bufferedSize > 0) {
      await this.#new.appendLater(Buffer.concat(this.#buffered, this.#bufferedSize));
    }
    this.#buffered = [];
    this.#bufferedSize = 0;
  }

  async #copyMost(): Promise<void> {
    while (this.#old.size - this.#copied > LAST_COPY) {
      this.#options.signal.throwIfAborted();
      const length = Math.min(BLOCK, this.#old.size - this.#copied);
      await this.#new.appendLater(await this.#old.read({ offset: this.#copied, length }));
      this.#copied += length;
      await nextTurn();
    }
  }
}
