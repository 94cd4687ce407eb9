/**
 * The file of a log: appends octets synchronously and reads octets by position. A failed write leaves the file
 * unchanged.
 */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
  read as readCallback,
  write as writeCallback,
  fdatasync,
} from 'node:fs';
import { promisify } from 'node:util';
import { StoreError, unwritable } from '../store.ts';
import type { Position } from '../position.ts';

const readAt = promisify(readCallback);
const writeAt = promisify(writeCallback);
const datasync = promisify(fdatasync);

export interface LogFile {
  readonly path: string;
  /** Size of the file in octets. */
  readonly size: number;
  /**
   * Whether the path still leads to this file. It does not if a user deleted, moved or replaced the data
   * directory.
   */
  readonly isInPlace: boolean;
  /**
   * Appends the octets and returns their offset in the file. Throws `StoreError('unwritable')` if the write
   * fails; the file is then unchanged.
   */
  append(bytes: Buffer): number;
  /** Truncates the file to `size` octets. */
  truncate(size: number): void;
  read(position: Position): Promise<Buffer>;
  /** Reads octets synchronously. The returned buffer is shared and valid until the next call. */
  readNow(offset: number, length: number): Buffer;
  sync(): Promise<void>;
  /** Closes the file when all current reads of the file have ended. */
  retire(): void;
}

export class WritableLogFile implements LogFile {
  #path: string;
  readonly #fd: number;
  readonly #identity: { readonly dev: number; readonly ino: number };
  #size: number;
  /** Number of reads and syncs that are in progress. The file is closed only after they have ended. */
  #users = 0;
  #retired = false;
  #scratch = Buffer.allocUnsafe(1 << 12);

  constructor(path: string) {
    this.#path = path;
    this.#fd = openSync(path, 'a+', 0o600);
    const { size, dev, ino } = fstatSync(this.#fd);
    this.#size = size;
    this.#identity = { dev, ino };
  }

  get path(): string {
    return this.#path;
  }

  /** Renames the file. An existing file with the new name is replaced. */
  moveTo(path: string): void {
    renameSync(this.#path, path);
    this.#path = path;
  }

  get isInPlace(): boolean {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found?.ino === this.#identity.ino && found.dev === this.#identity.dev;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Appends a buffer synchronously. A synchronous write into the page cache takes a few microseconds. An
   * asynchronous write through the thread pool would take tens of microseconds, and would not preserve the
   * order of the writes.
   */
  append(bytes: Buffer): number {
    const offset = this.#size;
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(this.#fd, bytes, written);
    } catch (error) {
      throw this.#undo(error);
    }
    this.#size += bytes.length;
    return offset;
  }

  /**
   * Appends octets asynchronously. It is used for large data when no client waits for the write. No other
   * append may run at the same time.
   */
  async appendLater(bytes: Buffer): Promise<void> {
    await this.#use(async () => {
      try {
        for (let done = 0; done < bytes.length;) {
          done += (await writeAt(this.#fd, bytes, done, bytes.length - done, null)).bytesWritten;
        }
      } catch (error) {
        throw this.#undo(error);
      }
      this.#size += bytes.length;
    });
  }

  /** Undoes a failed append: truncates the file to its previous size. Returns the error to throw. */
  #undo(error: unknown): StoreError {
    ftruncateSync(this.#fd, this.#size);
    return unwritable(error);
  }

  truncate(size: number): void {
    ftruncateSync(this.#fd, size);
    this.#size = size;
  }

  async read({ offset, length }: Position): Promise<Buffer> {
    return this.#use(async () => {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await readAt(this.#fd, buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    });
  }

  readNow(offset: number, length: number): Buffer {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafe(length);
    return this.#scratch.subarray(0, readSync(this.#fd, this.#scratch, 0, length, offset));
  }

  syncNow(): void {
    fdatasyncSync(this.#fd);
  }

  sync(): Promise<void> {
    return this.#use(() => datasync(this.#fd));
  }

  retire(): void {
    this.#retired = true;
    if (this.#users === 0) closeSync(this.#fd);
  }

  async #use<T>(work: () => Promise<T>): Promise<T> {
    if (this.#retired) throw new StoreError('closed', 'The message log is closed');
    this.#users++;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #leave(): void {
    this.#users--;
    if (this.#retired && this.#users === 0) closeSync(this.#fd);
  }
}

/**
 * A log file that is opened for reading only. Appended octets are held in memory, and are lost when the
 * process ends.
 */
export class ReadOnlyLogFile implements LogFile {
  readonly path: string;
  readonly isInPlace = true;
  readonly #fd: number | null;
  /** Number of octets of the log that are in the file on the disk; the octets after them are only in memory. */
  #kept: number;
  #tail = Buffer.alloc(0);

  /** Opens the file; a file that is missing or unreadable is treated as empty. */
  constructor(path: string) {
    this.path = path;
    this.#fd = openForReading(path);
    this.#kept = this.#fd === null ? 0 : fstatSync(this.#fd).size;
  }

  get size(): number {
    return this.#kept + this.#tail.length;
  }

  append(bytes: Buffer): number {
    const offset = this.size;
    this.#tail = Buffer.concat([this.#tail, bytes]);
    return offset;
  }

  truncate(size: number): void {
    this.#tail = this.#tail.subarray(0, Math.max(0, size - this.#kept));
    this.#kept = Math.min(size, this.#kept);
  }

  async read({ offset, length }: Position): Promise<Buffer> {
    return this.readNow(offset, length);
  }

  readNow(offset: number, length: number): Buffer {
    if (offset >= this.#kept) return this.#tail.subarray(offset - this.#kept, offset - this.#kept + length);
    if (this.#fd === null) return Buffer.alloc(0);
    const buffer = Buffer.allocUnsafe(Math.min(length, this.#kept - offset));
    return buffer.subarray(0, readSync(this.#fd, buffer, 0, buffer.length, offset));
  }

  async sync(): Promise<void> {
    // There is nothing to sync, because appended lines are only in memory.
  }

  retire(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }
}

function openForReading(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    return null;
  }
}
