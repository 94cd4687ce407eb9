/**
 * The log as a file: appended to at once, read by position. A write that fails leaves it as it was. Of a data directory
 * that can only be read, the log takes what is appended into memory.
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
import type { Position } from '../state/position.ts';

const readAt = promisify(readCallback);
const writeAt = promisify(writeCallback);
const datasync = promisify(fdatasync);

/** What the store needs of its log. */
export interface Log {
  readonly path: string;
  /** Octets. */
  readonly size: number;
  /** Whether its path still leads to it: somebody may have deleted, moved or replaced the data directory. */
  readonly isInPlace: boolean;
  /** Returns where the octets stand. Throws `StoreError('unwritable')`; the log is then as it was. */
  append(bytes: Buffer): number;
  /** Cuts off what follows. */
  truncate(size: number): void;
  read(position: Position): Promise<Buffer>;
  /** Reads on the spot; the buffer is shared, and valid until the next call. */
  readNow(offset: number, length: number): Buffer;
  sync(): Promise<void>;
  /** Closes it when nobody reads it any more. */
  retire(): void;
}

export class LogFile implements Log {
  #path: string;
  readonly #fd: number;
  readonly #identity: { readonly dev: number; readonly ino: number };
  #size: number;
  /** Reads and syncs under way: the file stays open until they are done. */
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

  /** Gives the file another name, in place of what has that name. */
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
   * Hands a buffer to the kernel. Synchronous: into the page cache it takes a few microseconds, a trip through the
   * thread pool takes tens, and order comes for free.
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

  /** The same in the background, for much of what nobody waits for. Nothing else may be appended meanwhile. */
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

  /** Takes back what was written of an append that failed; the error to throw. */
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

/** A log that can only be read, and what is appended to it in memory: it ends with the process. */
export class MemoryTailLog implements Log {
  readonly path: string;
  readonly isInPlace = true;
  readonly #fd: number | null;
  /** Octets of the file that belong to the log. */
  #kept: number;
  #tail = Buffer.alloc(0);

  /** A file that is missing or cannot be read is an empty log. */
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
    // Nothing of it is on the disk.
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
