/**
 * Manages the file `reserve`, one megabyte of disk space without content. If the disk is full, the store
 * frees parts of this space for the log lines of removals and logins, so that mail can still be read and
 * deleted. New mail never uses this space: the store accepts no mail until the file has its full size again.
 */
import { randomFillSync } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

export const RESERVE = 'reserve';
/** Size in octets of the complete file `reserve`, which keeps disk space free. */
export const RESERVE_SIZE = 1 << 20;
/**
 * Number of octets of the file `reserve` that are freed at once. This is more than any log line needs, except
 * a line that stores a message.
 */
const PIECE = 1 << 16;
/**
 * Number of octets of the file `reserve` that are kept for removals of mail. Removals free space on the disk,
 * other changes do not.
 */
const FOR_REMOVALS = RESERVE_SIZE / 2;

export class Reserve {
  readonly #file: string;
  #size = 0;

  constructor(directory: string) {
    this.#file = path.join(directory, RESERVE);
    const found = lstatSync(this.#file, { throwIfNoEntry: false });
    this.#size = found?.isFile() === true ? found.size : 0;
  }

  get isWhole(): boolean {
    return this.#size >= RESERVE_SIZE;
  }

  /**
   * Enlarges the file `reserve` to its full size, or as far as the disk has space. Throws the error of the
   * file system.
   */
  fill(): void {
    const file = this.#open();
    try {
      this.#size = fstatSync(file).size;
      if (this.#size > RESERVE_SIZE) ftruncateSync(file, (this.#size = RESERVE_SIZE));
      if (this.#size === RESERVE_SIZE) return;
      // The file is filled with random octets, because some file systems store zeros without using disk space.
      const octets = randomFillSync(Buffer.allocUnsafe(PIECE));
      while (this.#size < RESERVE_SIZE) {
        this.#size += writeSync(file, octets, 0, Math.min(PIECE, RESERVE_SIZE - this.#size), this.#size);
      }
    } finally {
      closeSync(file);
    }
  }

  /**
   * Frees a part of the file `reserve` for a write to the disk. Returns false if no part is left that the
   * write may use: only removals may use the whole file, other writes half of it.
   */
  release(forRemoval: boolean): boolean {
    const left = this.#size - (forRemoval ? 0 : FOR_REMOVALS);
    if (left <= 0) return false;
    try {
      const file = this.#open();
      try {
        ftruncateSync(file, Math.max(0, this.#size - PIECE));
      } finally {
        closeSync(file);
      }
    } catch {
      return false;
    }
    this.#size = Math.max(0, this.#size - PIECE);
    return true;
  }

  /** Opens the file `reserve`. A directory, a link or another entry with this name is removed first. */
  #open(): number {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    try {
      const file = openSync(this.#file, flags, 0o600);
      if (fstatSync(file).isFile()) return file;
      closeSync(file);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!['EISDIR', 'ELOOP', 'EACCES'].includes(code)) throw error;
    }
    rmSync(this.#file, { force: true, recursive: true });
    return openSync(this.#file, flags, 0o600);
  }
}
