/**
 * The file of one segment, which may be packed (see packed-segment.ts). All accesses are synchronous, because a segment
 * contains only small messages: a read from the page cache takes a few microseconds. The file is opened when it is
 * needed. All offsets and sizes are those of the unpacked segment.
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
  renameSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { promisify } from 'node:util';
import { GroupSync } from '../../async/group-sync.ts';
import { errorCode } from '../storage-reason.ts';
import { PackedSegment } from './packed-segment.ts';
import { DEAD, STATE_AT } from './record.ts';

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
  #identity: Identity;
  /** Size of the file in octets. */
  #fileSize: number;
  #size: number;
  #isPacked = false;
  #omitted = 0;
  #tableProblem: string | null = null;
  #file: number | null;
  /** The places of the records in the open file; `null` for a file that is closed or not packed. */
  #packed: PackedSegment | null = null;
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
    this.#fileSize = size;
    this.#size = size;
    this.#file = file;
  }

  /**
   * Returns an existing segment; `undefined` if the path is not a file. Errors of the file system occur again when the
   * segment is read.
   */
  static existing(number: number, path: string, mayWrite: boolean): Segment | undefined {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isFile() !== true) return undefined;
    const segment = new Segment({ number, path, mayWrite }, found, null);
    try {
      segment.#open();
    } catch {
      return segment;
    }
    segment.close();
    return segment;
  }

  /** Creates an empty segment. Throws the error of the file system: `EEXIST` for an existing path. */
  static create(number: number, path: string): Segment {
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFELY, 0o600);
    return new Segment({ number, path, mayWrite: true }, fstatSync(file), file);
  }

  /** Size of the unpacked segment in octets. */
  get size(): number {
    return this.#size;
  }

  /** Size of the file in octets. */
  get fileSize(): number {
    return this.#fileSize;
  }

  get isPacked(): boolean {
    return this.#isPacked;
  }

  /** Total size of the removed messages that a packed segment does not contain any more, in octets. */
  get omitted(): number {
    return this.#omitted;
  }

  /** Description of the damage to the table of a packed segment; `null` if there is none. */
  get tableProblem(): string | null {
    return this.#tableProblem;
  }

  /** Whether syncs are in progress, so that the file must not be replaced. */
  get isSyncing(): boolean {
    return this.#syncs > 0;
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
    this.#fileSize = this.#size;
    return offset;
  }

  /**
   * Returns `length` octets from `offset` on, fewer if the file is shorter, or if a packed message is damaged. Throws
   * the error of the file system.
   */
  read(offset: number, length: number): Buffer {
    const file = this.#open();
    if (this.#packed !== null) return this.#packed.read(file, offset, offset + length);
    const octets = Buffer.allocUnsafe(length);
    let filled = 0;
    for (let read = -1; filled < length && read !== 0; filled += read) {
      read = readSync(file, octets, filled, length - filled, offset + filled);
    }
    return octets.subarray(0, filled);
  }

  /**
   * Returns the first `length` octets, fewer if the segment is shorter, with zeros in place of packed messages that are
   * damaged. Throws the error of the file system.
   */
  content(length: number): Buffer {
    const file = this.#open();
    return this.#packed?.content(file, length) ?? this.read(0, length);
  }

  /**
   * Reads all entries of a packed segment, and returns a description of damage to their places; `null` if there is none.
   * Throws the error of the file system.
   */
  damagedPlace(): string | null {
    const file = this.#open();
    return this.#packed?.damagedPlace(file) ?? null;
  }

  /** Marks the record at an offset as dead. Throws the error of the file system. */
  markDead(offset: number): void {
    const file = this.#open();
    const at = this.#packed === null ? offset : this.#packed.headerAt(offset);
    if (at !== undefined) writeSync(file, DEAD, 0, DEAD.length, at + STATE_AT);
  }

  /** Cuts the end off a segment that is not packed. */
  truncate(size: number): void {
    ftruncateSync(this.#open(), size);
    this.#size = size;
    this.#fileSize = size;
  }

  /**
   * Replaces the file of the segment by a packed file with the same records. Throws the error of the file system; the
   * segment is then unchanged.
   * @param packed path of the packed file
   */
  replaceBy(packed: string): void {
    renameSync(packed, this.path);
    this.close();
    const found = lstatSync(this.path);
    this.#identity = { dev: found.dev, ino: found.ino };
    this.#fileSize = found.size;
    this.#open();
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
    this.#packed = null;
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
    if (this.#file !== null) return this.#file;
    const file = this.#openFile();
    try {
      this.#packed = PackedSegment.open(file, this.#fileSize) ?? null;
    } catch (error) {
      closeSync(file);
      throw error;
    }
    this.#isPacked = this.#packed !== null;
    this.#size = this.#packed?.size ?? this.#fileSize;
    this.#omitted = this.#packed?.omitted ?? 0;
    this.#tableProblem = this.#packed?.problem ?? null;
    return (this.#file = file);
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
