/** The log as a file: appended to at once, read by position. A write that fails leaves it as it was. */
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
  read as readCallback,
  write as writeCallback,
  fdatasync,
} from 'node:fs';
import { promisify } from 'node:util';
import { StoreError } from '../store.ts';
import type { Position } from '../state/message-record.ts';

const readAt = promisify(readCallback);
const writeAt = promisify(writeCallback);
const datasync = promisify(fdatasync);

export class LogFile {
  readonly path: string;
  readonly #fd: number;
  #size: number;
  /** Reads and syncs under way: the file stays open until they are done. */
  #users = 0;
  #retired = false;
  #scratch = Buffer.allocUnsafe(1 << 12);

  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'a+', 0o600);
    this.#size = fstatSync(this.#fd).size;
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
    return new StoreError('io', `Cannot write ${this.path}: ${String(error)}`, { cause: error });
  }

  /** Cuts off what follows. */
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

  /** Reads on the spot; the buffer is shared, and valid until the next call. */
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

  /** Closes it when nobody reads it any more. */
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
