/**
 * Compaction: writes a new log that contains only the lines that are still needed, in the background. Lines
 * that are appended to the old log in the meantime are copied to the end of the new log; then the new log
 * replaces the old log by a rename. Until the rename the old log is complete, which means that a compaction can
 * be killed at any point.
 */
import { link, rm } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimeSlice } from '../../async/time-slice.ts';
import { syncDirectory } from '../files/sync-directory.ts';
import type { Position } from '../position.ts';
import { unwritable } from '../store.ts';
import { WritableLogFile, type LogFile } from './file.ts';

/** Number of octets of the log that are read or written at once. */
const BLOCK = 1 << 18;
/** Maximum number of octets that are copied synchronously when the new log replaces the old one. */
const LAST_COPY = 1 << 16;

/** Provides the lines that are still needed at the moment when a compaction begins. */
export interface Rewrite {
  /** Writes all needed lines to the new log. */
  write(target: RewriteTarget): Promise<void>;
  /**
   * Updates the positions in memory. Called when the new log has replaced the old one, before any other read
   * or append.
   *
   * @param from offset in the old log of the first line that was appended after the compaction began
   * @param by number of octets by which the offsets of this line and of the following lines have changed
   */
  moved(from: number, by: number): void;
}

export interface RewriteTarget {
  /**
   * Writes a line to the new log. Resolves with the offset of the line in the new log. Rejects when the
   * compaction is aborted.
   */
  write(line: Buffer): Promise<number>;
  /** Reads octets from the old log. */
  read(position: Position): Promise<Buffer>;
}

export interface CompactionOptions {
  /**
   * Function that determines the lines that are still needed. Nothing is appended to the log until its
   * promise resolves.
   */
  readonly begin: () => Promise<Rewrite>;
  /** Function that is called before the new log replaces the old log. The replacement waits for its promise. */
  readonly beforeEnd: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Whether lines that were appended during the compaction must be synced to the disk. */
  readonly fsync: boolean;
  /** File name under which the old log is kept in the same directory; when absent, the old log is deleted. */
  readonly keepOld?: string;
}

/** The parts of a log object that its compaction uses. */
export interface CompactionParts {
  readonly old: LogFile;
  /** Runs `work`, and delays appends to the log until `work` has ended. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  /** Replaces the file that the log object uses for all further reads and appends. */
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
  /**
   * Size of the old log in octets when the compaction began. `Rewrite.write` writes the needed lines of this
   * part to the new log.
   */
  readonly #covered: number;
  /**
   * Number of octets at the start of the old log that the new log already covers, either rewritten or copied.
   */
  #copied: number;
  /**
   * Offset in the new log at which the copied lines begin: those that were appended to the old log during the
   * compaction.
   */
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

  /** Writes the lines that are still needed, and copies most of the lines that were appended in the meantime. */
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
   * Copies the remaining appended lines and gives the new log the name of the old one.
   *
   * @param replace function that is called with the number of octets by which the offsets of the copied lines
   *   have changed
   */
  async finish(replace: (by: number) => void): Promise<void> {
    await this.#copyMost();
    // The rest of this method has no `await`, so no other code can append to the log or read it meanwhile.
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
