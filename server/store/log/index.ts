/**
 * The append-only log: a file of lines, each with a checksum. An append is one synchronous write, so an acknowledged
 * line survives a kill of the process. The log does not know what its lines mean.
 */
import type { Position } from '../position.ts';
import { unwritable } from '../store.ts';
import { compact, type CompactionOptions } from './compaction.ts';
import { ReadOnlyLogFile, WritableLogFile, type LogFile } from './file.ts';
import { GroupSync } from './group-sync.ts';
import { LINE_END } from './line.ts';
import { replay, type LineReceiver, type Replayed } from './replay.ts';

/** With `read`, the file is not changed: appended lines are in memory and are lost at the end of the process. */
export type Access = 'read' | 'write';

export class Log {
  readonly path: string;
  /** The condition in which the log was found. */
  readonly replayed: Replayed;
  #file: LogFile;
  readonly #sync = new GroupSync(() => this.#file.sync());
  /** While this promise is pending, nothing is appended. */
  #held: Promise<unknown> | undefined;

  private constructor(path: string, replayed: Replayed, access: Access) {
    this.path = path;
    this.replayed = replayed;
    this.#file = access === 'read' ? new ReadOnlyLogFile(path) : new WritableLogFile(path);
  }

  /**
   * Reads a log from its start and opens it. A missing log is created if access is `write`. Throws the error of the
   * receiver, or of the file system; a missing log is then not created.
   */
  static async open(path: string, access: Access, receiver: LineReceiver): Promise<Log> {
    return new Log(path, await replay(path, receiver), access);
  }

  /** Size of the log in octets. */
  get size(): number {
    return this.#file.size;
  }

  /** Whether the path still names this log: a user may have deleted, moved or replaced the directory. */
  get isInPlace(): boolean {
    return this.#file.isInPlace;
  }

  /**
   * Repairs the end of the log so that the next append starts a new line: cuts off a torn line, or adds a missing line
   * ending.
   *
   * @param keep called with the octets of the torn line before they are cut off
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
   * Appends complete lines (see `seal`). Resolves with their positions, without the line endings, when the lines are
   * in the page cache of the kernel. Rejects with `StoreError('unwritable')`; no line is appended then.
   */
  async append(lines: readonly Buffer[]): Promise<readonly Position[]> {
    await this.#held;
    const [first] = lines;
    const start = this.#file.append(lines.length === 1 && first !== undefined ? first : Buffer.concat(lines));
    // The check is after the write: a directory that is moved away later takes the lines with it.
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

  /** Resolves when everything appended so far is synced to the disk. Calls at the same time share one sync. */
  synced(): Promise<void> {
    return this.#sync.request();
  }

  /** Reads a line by its position, or any other octets. */
  read(position: Position): Promise<Buffer> {
    return this.#file.read(position);
  }

  /** Reads synchronously. The returned buffer is shared and valid until the next call. */
  readNow(offset: number, length: number): Buffer {
    return this.#file.readNow(offset, length);
  }

  /** Replaces the log by its useful lines, in the background. If that fails or is aborted, nothing changes. */
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

  /** Closes the file when all reads of it have ended. */
  close(): void {
    this.#file.retire();
  }

  /** Runs `work` while nothing is appended. */
  async #hold<T>(work: () => Promise<T>): Promise<T> {
    const held = work().finally(() => (this.#held = undefined));
    this.#held = held.catch(() => undefined);
    return held;
  }
}
