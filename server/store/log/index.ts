/**
 * The append-only log: a file of lines, each with a checksum. An append is one synchronous write, so an
 * acknowledged line survives a kill of the process. The log does not interpret the content of its lines.
 */
import type { Position } from '../position.ts';
import { unwritable } from '../store.ts';
import { compact, type CompactionOptions } from './compaction.ts';
import { ReadOnlyLogFile, WritableLogFile, type LogFile } from './file.ts';
import { GroupSync } from '../../async/group-sync.ts';
import { LINE_END } from './line.ts';
import { replay, type LineReceiver, type Replayed } from './replay.ts';

/**
 * Kind of access to the log. With `read`, the file is not changed: appended lines are held in memory, and are
 * lost when the process ends.
 */
export type Access = 'read' | 'write';

export interface LogOptions {
  readonly access: Access;
  /**
   * Calls the function that opens the file for appends, which creates a missing file. It may free space and call the
   * function again if the disk is full. When absent, the function is called once.
   */
  readonly create?: <T>(open: () => T) => T | Promise<T>;
}

const once = <T>(open: () => T): T => open();

export class Log {
  readonly path: string;
  /** The condition of the log when it was opened: its number of lines and its damage. */
  readonly replayed: Replayed;
  #file: LogFile;
  readonly #sync = new GroupSync(() => this.#file.sync());
  /** Appends are delayed while this promise is pending; `undefined` if appends are possible. */
  #held: Promise<unknown> | undefined;

  private constructor(file: LogFile, replayed: Replayed) {
    this.path = file.path;
    this.replayed = replayed;
    this.#file = file;
  }

  /**
   * Reads a log from its start, passes each line to `receiver`, and opens the log for appends. A missing log
   * is created if access is `write`. Throws the error of the receiver or of the file system; a missing log is
   * then not created.
   */
  static async open(path: string, receiver: LineReceiver, options: LogOptions): Promise<Log> {
    const { access, create = once } = options;
    const replayed = await replay(path, receiver);
    const file =
      access === 'read' ? new ReadOnlyLogFile(path) : await create(() => new WritableLogFile(path));
    return new Log(file, replayed);
  }

  /** Size of the log in octets. */
  get size(): number {
    return this.#file.size;
  }

  /**
   * Whether the path still leads to this log. It does not if a user deleted, moved or replaced the data
   * directory.
   */
  get isInPlace(): boolean {
    return this.#file.isInPlace;
  }

  /**
   * Repairs the end of the log so that the next append starts a new line: cuts off an incomplete last line, or
   * adds a missing line ending.
   *
   * @param keep function that is called with the octets of the incomplete line before they are cut off
   */
  async mendEnd(keep: (torn: Buffer) => Promise<void>): Promise<void> {
    const { torn, unended, keep: whole } = this.replayed;
    if (torn > 0 && this.size > whole) {
      await keep(await this.read({ offset: whole, length: torn }));
      this.#file.truncate(whole);
    } else if (unended && this.readNow(this.size - 1, 1)[0] !== LINE_END) {
      this.#file.append(Buffer.from([LINE_END]));
    }
  }

  /**
   * Appends complete lines (see `seal`). When the lines are in the page cache of the kernel, resolves with
   * their positions; the lengths exclude the line endings. Rejects with `StoreError('unwritable')` if the
   * write fails; then no line was appended.
   */
  async append(lines: readonly Buffer[]): Promise<readonly Position[]> {
    await this.#held;
    const [first] = lines;
    const start = this.#file.append(lines.length === 1 && first !== undefined ? first : Buffer.concat(lines));
    // The path is checked after the write. If the directory is moved only after this check, the written lines
    // are moved with it and are not lost.
    if (!this.isInPlace) {
      this.#file.truncate(start);
      throw unwritable(`${this.path} was deleted, moved or replaced`);
    }
    let offset = start;
    return lines.map((line) => {
      const position = { offset, length: line.length - 1 };
      offset += line.length;
      return position;
    });
  }

  /**
   * Resolves when all lines that were appended before this call are synced to the disk. Simultaneous calls
   * share one sync.
   */
  synced(): Promise<void> {
    return this.#sync.request();
  }

  /** Reads a line, or any other octets of the log, at a position. */
  read(position: Position): Promise<Buffer> {
    return this.#file.read(position);
  }

  /** Reads octets synchronously. The returned buffer is shared and valid until the next call. */
  readNow(offset: number, length: number): Buffer {
    return this.#file.readNow(offset, length);
  }

  /**
   * Compacts the log in the background: replaces it by a log that contains only the lines that are still
   * needed. If this fails or is aborted, the old log remains unchanged.
   */
  compact(options: CompactionOptions): Promise<void> {
    const parts = {
      old: this.#file,
      hold: <T>(work: () => Promise<T>) => this.#hold(work),
      replace: (file: LogFile) => {
        this.#file.retire();
        this.#file = file;
      },
    };
    return compact(parts, options);
  }

  /** Closes the file when all current reads of the file have ended. */
  close(): void {
    this.#file.retire();
  }

  /** Runs `work`; nothing is appended to the log until `work` has ended. */
  async #hold<T>(work: () => Promise<T>): Promise<T> {
    const held = work().finally(() => (this.#held = undefined));
    this.#held = held.catch(() => undefined);
    return held;
  }
}
