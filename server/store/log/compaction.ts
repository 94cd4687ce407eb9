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

/** Number of octets that are read and written at a time. */
const BLOCK = 1 << 18;
/** Maximum number of octets that are copied synchronously when the new log replaces the old one. */
const LAST_COPY = 1 << 16;

/** The lines of a log that are still needed, as of one moment. */
export interface Rewrite {
  /** Writes the lines to the new log. */
  write(target: RewriteTarget): Promise<void>;
  /**
   * Called when the new log has replaced the old one, before any other read or append.
   *
   * @param from offset in the old log of the first line that was appended after the compaction began
   * @param by number of octets by which the offsets of this line and of the following lines have changed
   */
  moved(from: number, by: number): void;
}

export interface RewriteTarget {
  /**
   * Writes a line to the new log. Resolves with the offset of the line there. Rejects when the compaction is
   * aborted.
   */
  write(line: Buffer): Promise<number>;
  /** Reads octets from the old log. */
  read(position: Position): Promise<Buffer>;
}

export interface CompactionOptions {
  /** Determines the lines that are still needed. Nothing is appended to the log until the promise resolves. */
  readonly begin: () => Promise<Rewrite>;
  /**
   * Called before the new log replaces the old log; the compaction waits for the returned promise before the
   * replacement.
   */
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
  /** Runs `work`; nothing is appended to the log until `work` has ended. */
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  /** Uses the new file in place of the old file for all further calls. */
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
  /** Number of octets of the old log whose needed lines `Rewrite.write` writes to the new log. */
  readonly #covered: number;
  /** Number of octets of the old log that are already in the new log, either rewritten or copied. */
  #copied: number;
  /** Offset in the new log of the copied lines, which were appended to the old log during the compaction. */
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
   * @param replace called with the number of octets by which the offsets of the copied lines have changed
   */
  async finish(replace: (by: number) => void): Promise<void> {
    await this.#copyMost();
    // There is no `await` from here to the end, so no other code can append or read in between.
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
