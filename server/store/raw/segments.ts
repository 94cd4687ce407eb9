/**
 * The segments of a data directory: files `raw/00000001.segment` with the bytes of small messages, one after the other.
 * Creating a file for each message costs several times as much as appending its bytes to a file that exists.
 *
 * A segment has about a megabyte, so that moving its live messages elsewhere, which frees the space of removed
 * messages, takes a few milliseconds and fits into the reserve of a full disk.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { GroupSync } from '../../async/group-sync.ts';
import { PARTIAL } from '../files/replace-file.ts';
import { syncDirectory } from '../files/sync-directory.ts';
import { OWN_FILE, type RawPlace } from '../position.ts';
import type { NewRaw, RawRef } from '../raw-ref.ts';
import { errorCode } from '../storage-reason.ts';
import { isAsReceived } from './as-received.ts';
import { HEADER, LONGEST, readHeader, writeHeader } from './record.ts';
import { scan, type Found } from './scan.ts';
import { Segment } from './segment.ts';

/** Size in octets at which no more records are appended to a segment. */
const FULL = 1 << 20;
/** Maximum number of segments that are open at the same time. */
const OPEN = 64;
const NAME = /^(\d{8,15})\.segment$/;
/** Default size of the removed messages that all segments may contain, in octets. */
const TOLERATED = 4 << 20;
/** Additional size of removed messages that the segments may contain, as a share of the size of the live messages. */
const TOLERATED_SHARE = 1 / 4;
/**
 * Minimum size of the removed messages in a segment for which the other messages of the segment are moved, in
 * octets.
 */
const WORTHWHILE = 1 << 16;

/** Returns the number of a segment with this file name; `undefined` for other files. */
export function segmentNumber(name: string): number | undefined {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Returns whether a file name is the name of an incomplete packed segment, which a killed process left. */
export const isUnfinished = (name: string): boolean =>
  name.endsWith(PARTIAL) && segmentNumber(name.slice(0, -PARTIAL.length)) !== undefined;

/** Returns the number of octets of a segment that its file still contains, without omitted messages. */
const filled = ({ size, omitted }: Segment): number => size - omitted;

const recordSize = ({ size }: Pick<RawRef, 'size'>): number => HEADER + size;

export class Segments {
  /** The directory `raw` of the data directory. */
  readonly directory: string;
  readonly #mayWrite: boolean;
  readonly #tolerated: number;
  readonly #segments = new Map<number, Segment>();
  /** The open segments, the least recently used first. */
  readonly #open = new Set<Segment>();
  /** The segment to which new records are appended. */
  #newest: Segment | null = null;
  /** The highest number that was ever given to a segment, as far as it is known. */
  #lastNumber = 0;
  #size = 0;
  #live = 0;
  /** New segments whose names are not synced to the disk yet. */
  readonly #unlisted = new WeakSet<Segment>();
  readonly #directorySync = new GroupSync(() => syncDirectory(this.directory));
  #scratch = Buffer.allocUnsafe(1 << 13);

  /** @param tolerated size of the removed messages that the segments may contain, in octets; 4 MiB when absent */
  constructor(directory: string, mayWrite: boolean, tolerated = TOLERATED) {
    this.directory = directory;
    this.#mayWrite = mayWrite;
    this.#tolerated = tolerated;
  }

  get(number: number): Segment | undefined {
    return this.#segments.get(number);
  }

  /** Registers an existing file as a segment. Returns `undefined` if it is not a file. */
  register(name: string, number: number): Segment | undefined {
    const segment = Segment.existing(number, path.join(this.directory, name), this.#mayWrite);
    this.passNumber(number);
    if (segment === undefined) return undefined;
    this.#segments.set(number, segment);
    this.#size += filled(segment);
    return segment;
  }

  /** Ensures that no new segment gets this number, or a lower number. */
  passNumber(number: number): void {
    if (Number.isSafeInteger(number)) this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  /**
   * Makes the segment with the highest number the segment to which the next records are appended, unless the segment is
   * damaged or packed.
   */
  continueLast(): void {
    const last = this.#segments.get(this.#lastNumber);
    if (last !== undefined && !last.isDamaged && !last.isPacked) this.#newest = last;
  }

  /** Appends a message. Throws the error of the file system; the segment is then unchanged. */
  append({ id, raw, sum, receivedAt }: NewRaw): RawPlace {
    const size = HEADER + raw.length;
    if (this.#scratch.length < size) this.#scratch = Buffer.allocUnsafe(size);
    writeHeader(this.#scratch, 0, { id, size: raw.length, sum, receivedAt });
    raw.copy(this.#scratch, HEADER);
    const record = this.#scratch.subarray(0, size);
    let segment = this.#writable();
    let offset = segment.append(record);
    // The path is checked after the write. If the directory is moved away after the check, the written octets are
    // moved with it.
    if (!segment.isInPlace) {
      segment.truncate(offset);
      segment = this.#newest = this.#create();
      offset = segment.append(record);
    }
    this.#size += size;
    this.countLive(segment.number, size);
    return { segment: segment.number, offset };
  }

  /** Adds octets of live messages to the count of a segment; a negative number subtracts them. */
  countLive(number: number, octets: number): void {
    const segment = this.#segments.get(number);
    if (segment === undefined) return;
    segment.live += octets;
    this.#live += octets;
  }

  /** Resolves when the messages of a segment are synced to the disk. */
  async synced(number: number): Promise<void> {
    const segment = this.#segments.get(number);
    if (segment === undefined) return;
    await this.use(segment).synced();
    if (!this.#unlisted.has(segment)) return;
    await this.#directorySync.request();
    this.#unlisted.delete(segment);
  }

  /** Returns whether the place of a message is within the file of a segment; the message itself may be damaged. */
  has({ size, raw }: RawRef): boolean {
    const segment = this.#segments.get(raw.segment);
    if (segment === undefined) return false;
    const begin = raw.offset + HEADER;
    return size === 0 ? begin <= segment.size : begin < segment.size;
  }

  /**
   * Returns the bytes of a message, even if it is damaged; `undefined` if they are missing. Throws the error of the
   * file system.
   */
  read(ref: RawRef): Buffer | undefined {
    const segment = this.#segments.get(ref.raw.segment);
    if (segment === undefined) return undefined;
    const octets = this.use(segment).read(ref.raw.offset, recordSize(ref));
    const header = readHeader(octets, 0);
    // The message is missing if it cannot be unpacked.
    const isLost = segment.isPacked && header !== undefined && octets.length < HEADER + header.size;
    if (header?.id === ref.id && !isLost) return octets.subarray(HEADER, HEADER + header.size);
    const bytes = octets.subarray(HEADER);
    if (header === undefined && isAsReceived(ref, bytes)) return bytes;
    const found = this.#search(segment, ref);
    if (found !== undefined) return found;
    return header === undefined && bytes.length > 0 ? bytes : undefined;
  }

  /**
   * Returns whether a message is at the place that the log names: its header is there, or, if the header is
   * damaged, exactly its bytes.
   */
  isAt(ref: RawRef): boolean {
    const segment = this.#segments.get(ref.raw.segment);
    if (segment === undefined) return false;
    const octets = this.use(segment).read(ref.raw.offset, recordSize(ref));
    const header = readHeader(octets, 0);
    return header === undefined ? isAsReceived(ref, octets.subarray(HEADER)) : header.id === ref.id;
  }

  /** Returns the content of a part of a segment; by default of the whole segment. */
  scan(segment: Segment, from = 0, to = segment.size): readonly Found[] {
    const end = Math.min(to, LONGEST);
    const found = scan(this.use(segment).content(end), from, end);
    return to > end ? [...found, { kind: 'damaged', offset: end, length: to - end }] : found;
  }

  /**
   * Marks the records of removed messages as dead. Deletes a segment without live messages. Errors of the file
   * system are ignored: the log contains the removals too.
   */
  remove(refs: readonly RawRef[]): void {
    for (const ref of refs) {
      const segment = this.#segments.get(ref.raw.segment);
      if (segment === undefined) continue;
      this.countLive(segment.number, -recordSize(ref));
      // The records of a segment that is deleted at once need no mark.
      if (!this.deleteIfDead(segment)) this.markDead(ref);
    }
  }

  /** Marks a record as dead, so that the message is not restored from it. */
  markDead({ id, raw }: Pick<RawRef, 'id' | 'raw'>): void {
    const segment = this.#segments.get(raw.segment);
    if (segment === undefined || !this.#mayWrite) return;
    try {
      const header = readHeader(this.use(segment).read(raw.offset, HEADER), 0);
      if (header?.id === id) segment.markDead(raw.offset);
    } catch {
      // An error is ignored, because the next start marks the record.
    }
  }

  /** Deletes a segment if it has no live messages and no damage. Returns whether it is deleted. */
  deleteIfDead(segment: Segment): boolean {
    if (segment.live > 0 || segment.isDamaged || !this.#mayWrite) return false;
    // If another file has replaced the segment, it belongs to another process and is not deleted.
    const isInPlace = segment.isInPlace;
    this.forget(segment);
    // The file is deleted synchronously, so that the space is free at once: on a full disk, the next write needs it.
    if (isInPlace) this.#delete(segment.path);
    return true;
  }

  /** Deletes an incomplete packed segment, which a killed process left. */
  deleteUnfinished(name: string): void {
    if (this.#mayWrite) this.#delete(path.join(this.directory, name));
  }

  /** Deletes all segments without live messages. */
  deleteDead(): void {
    for (const segment of [...this.#segments.values()]) this.deleteIfDead(segment);
  }

  /** Removes a segment from the list without deleting its file. */
  forget(segment: Segment): void {
    if (!this.#segments.delete(segment.number)) return;
    if (this.#newest === segment) this.#newest = null;
    this.#size -= filled(segment);
    this.#live -= segment.live;
    this.#close(segment);
  }

  /** Cuts the end off a segment. */
  truncate(segment: Segment, size: number): void {
    this.#size -= segment.size - size;
    this.use(segment).truncate(size);
  }

  /**
   * Returns a segment whose live messages should be moved to free the space of its removed messages; `undefined` if
   * the removed messages take little space.
   *
   * @param isFull whether the disk is full, which means that all space is needed
   * @param except segments that are not returned
   */
  wasteful(isFull: boolean, except: ReadonlySet<Segment>): Segment | undefined {
    const dead = this.#size - this.#live;
    const worthwhile = Math.max(1, Math.min(WORTHWHILE, this.#tolerated));
    const tolerated = isFull ? 0 : this.#tolerated + TOLERATED_SHARE * this.#live;
    if (dead < Math.max(worthwhile, tolerated)) return undefined;
    let best: Segment | undefined;
    for (const each of this.#segments.values()) {
      const isCandidate = !each.isDamaged && !except.has(each) && each.fileSize - each.live >= worthwhile;
      if (isCandidate && each.live < (best?.live ?? Infinity)) best = each;
    }
    return best;
  }

  /** Returns the segments to which no more records are appended. */
  full(): readonly Segment[] {
    return this.#mayWrite ? [...this.#segments.values()].filter((each) => each !== this.#newest) : [];
  }

  /** Replaces the file of a segment by a packed file with the same records. Throws the error of the file system. */
  replaceBy(segment: Segment, packed: string): void {
    this.#size -= filled(segment);
    try {
      this.use(segment).replaceBy(packed);
    } finally {
      this.#size += filled(segment);
    }
  }

  /** Stops appending records to a segment; the next record is written to a new segment. */
  finish(segment: Segment): void {
    if (this.#newest === segment) this.#newest = null;
  }

  close(): void {
    for (const segment of this.#open) segment.close();
    this.#open.clear();
  }

  #delete(file: string): void {
    try {
      rmSync(file, { force: true, recursive: true });
    } catch {
      // An error is ignored, because the next start deletes the file.
    }
  }

  #search(segment: Segment, ref: RawRef): Buffer | undefined {
    for (const each of this.scan(segment)) {
      if (each.kind !== 'record' || each.header.id !== ref.id || !each.isIntact) continue;
      const bytes = segment.read(each.offset + HEADER, each.header.size);
      if (isAsReceived(ref, bytes)) return bytes;
    }
    return undefined;
  }

  #writable(): Segment {
    const newest = this.#newest;
    const isUsable = newest !== null && newest.size < FULL && (newest.isOpen || newest.isInPlace);
    return this.use(isUsable ? newest : (this.#newest = this.#create()));
  }

  #create(): Segment {
    for (;;) {
      const number = this.#lastNumber + 1;
      const name = `${String(number).padStart(8, '0')}.segment`;
      try {
        const segment = Segment.create(number, path.join(this.directory, name));
        this.#lastNumber = number;
        this.#segments.set(number, segment);
        this.#unlisted.add(segment);
        return segment;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') mkdirSync(this.directory, { mode: 0o700 });
        else if (errorCode(error) === 'EEXIST') this.#lastNumber = number;
        else throw error;
      }
    }
  }

  /**
   * Marks a segment that is read or written now as the most recently used segment. If too many segments are open, closes
   * the least recently used one.
   */
  use(segment: Segment): Segment {
    this.#open.delete(segment);
    this.#open.add(segment);
    if (this.#open.size > OPEN) {
      for (const oldest of this.#open) {
        this.#close(oldest);
        break;
      }
    }
    return segment;
  }

  #close(segment: Segment): void {
    this.#open.delete(segment);
    segment.close();
  }
}

/** Whether a message is in a segment, and not in a file of its own. */
export const isInSegment = ({ raw }: Pick<RawRef, 'raw'>): boolean => raw.segment !== OWN_FILE.segment;
