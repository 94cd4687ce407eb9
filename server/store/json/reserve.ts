/**
 * `reserve`: a file of one megabyte that only occupies space. On a full disk the store frees parts of it for the log
 * lines of removals and logins, so that mail can be read and deleted. New mail never uses this space: the store
 * accepts no mail until the file has its full size again.
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
/** Size of the complete reserve in octets. */
export const RESERVE_SIZE = 1 << 20;
/** Number of octets that are freed at a time: more than any log line needs, except the lines of messages. */
const PIECE = 1 << 16;
/**
 * Number of octets of the reserve that only removals of mail may use, because removals free space and other changes
 * do not.
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
   * Enlarges the reserve file to its full size, or as far as the disk has space. Throws the error of the file
   * system.
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

  /** Frees a part of the reserve. Returns false when no part is left that this purpose may use. */
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

  /** Opens the reserve file; a directory, link or other entry with its name is removed first. */
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
