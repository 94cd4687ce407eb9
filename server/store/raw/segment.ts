/**
 * The file of one segment. All accesses are synchronous, because a segment contains only small messages: a read from
 * the page cache takes a few microseconds. The file is opened when it is needed.
 */
import {
  chmodSync,
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { GroupSync } from '../../async/group-sync.ts';
import { errorCode } from '../storage-reason.ts';

const datasync = promisify(fdatasync);

/** Symbolic links are not followed, and opening a named pipe does not wait for a writer. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;

type Identity = Pick<Stats, 'dev' | 'ino'>;

export class Segment {
  readonly number: number;
  readonly path: string;
  /** Total size of the records of live messages in octets, including their headers. */
  live = 0;
  /** Whether a part of the segment is neither a record nor the beginning of one: the file is then never deleted. */
  isDamaged = false;
  readonly #mayWrite: boolean;
  readonly #identity: Identity;
  #size: number;
  #file: number | null;
  /** Number of syncs that are in progress: the file is closed only after they end. */
  #syncs = 0;
  #isRetired = false;
  readonly #sync = new GroupSync(() => this.#syncNow());

  private constructor(
    place: { readonly number: number; readonly path: string; readonly mayWrite: boolean },
    { dev, ino, size }: Stats,
    file: number | null,
  ) {
    this.number = place.number;
    this.path = place.path;
    this.#mayWrite = place.mayWrite;
    this.#identity = { dev, ino };
    this.#size = size;
    this.#file = file;
  }

  /** Returns an existing segment; `undefined` if the path is not a file. */
  static existing(number: number, path: string, mayWrite: boolean): Segment | undefined {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found?.isFile() === true ? new Segment({ number, path, mayWrite }, found, null) : undefined;
  }

  /** Creates an empty segment. Throws the error of the file system: `EEXIST` for an existing path. */
  static create(number: number, path: string): Segment {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFELY, 0o600);
    return new Segment({ number, path, mayWrite: true }, fstatSync(file), file);
  }

  /** Size of the file in octets. */
  get size(): number {
    return this.#size;
  }

  get isOpen(): boolean {
    return this.#file !== null;
  }

  /** Whether the path still refers to this file: a user may have deleted, moved or replaced the data directory. */
  get isInPlace(): boolean {
    const found = lstatSync(this.path, { throwIfNoEntry: false });
    return found !== undefined && this.#isThis(found);
  }

  /** Appends octets and returns their offset. Throws the error of the file system; the file is then unchanged. */
  append(octets: Buffer): number {
    const file = this.#open();
    const offset = this.#size;
    try {
      for (let done = 0; done < octets.length;) {
        done += writeSync(file, octets, done, octets.length - done, offset + done);
      }
    } catch (error) {
      ftruncateSync(file, offset);
      throw error;
    }
    this.#size += octets.length;
    return offset;
  }

  /** Returns `length` octets from `offset` on, fewer if the file is shorter. Throws the error of the file system. */
  read(offset: number, length: number): Buffer {
    const file = this.#open();
    const octets = Buffer.allocUnsafe(length);
    let filled = 0;
    for (let read = -1; filled < length && read !== 0; filled += read) {
      read = readSync(file, octets, filled, length - filled, offset + filled);
    }
    return octets.subarray(0, filled);
  }

  /** Overwrites octets of the file. Throws the error of the file system. */
  overwrite(offset: number, octets: Buffer): void {
    writeSync(this.#open(), octets, 0, octets.length, offset);
  }

  truncate(size: number): void {
    ftruncateSync(this.#open(), size);
    this.#size = size;
  }

  /** Resolves when everything appended so far is synced to the disk. Concurrent calls share one sync. */
  synced(): Promise<void> {
    return this.#sync.request();
  }

  /** Closes the file; the next access opens it again. */
  close(): void {
    this.#isRetired = this.#syncs > 0;
    if (this.#file === null || this.#isRetired) return;
    closeSync(this.#file);
    this.#file = null;
  }

  async #syncNow(): Promise<void> {
    const file = this.#open();
    this.#syncs++;
    try {
      await datasync(file);
    } finally {
      this.#syncs--;
      if (this.#isRetired) this.close();
    }
  }

  #open(): number {
    this.#file ??= this.#openFile();
    return this.#file;
  }

  #openFile(): number {
    const flags = (this.#mayWrite ? constants.O_RDWR : constants.O_RDONLY) | SAFELY;
    const file = this.#openReadable(flags);
    if (this.#isThis(fstatSync(file))) return file;
    closeSync(file);
    throw new Error(`${this.path} was replaced by another file`);
  }

  /** Opens the file. If its permissions forbid that, they are corrected. */
  #openReadable(flags: number): number {
    try {
      return openSync(this.path, flags);
    } catch (error) {
      if (!this.#mayWrite || errorCode(error) !== 'EACCES') throw error;
      chmodSync(this.path, 0o600);
      return openSync(this.path, flags);
    }
  }

  #isThis({ dev, ino }: Identity): boolean {
    return dev === this.#identity.dev && ino === this.#identity.ino;
  }
}
