/**
 * Compresses the messages of full segments, so that they take less space on the disk. The packed file is written and
 * synced to the disk, and then replaces the file of its segment by a rename. If the process is killed before the rename,
 * the next start deletes the incomplete file.
 */
import { writeSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { TimeSlice } from '../../async/time-slice.ts';
import { PARTIAL } from '../files/replace-file.ts';
import { PackedWriter } from './packed-segment.ts';
import { DEAD, HEADER, readHeader, STATE_AT } from './record.ts';
import type { Segment } from './segment.ts';
import type { Segments } from './segments.ts';

/** Minimum size in octets of a segment that is packed: the file of a smaller segment hardly becomes smaller. */
const LEAST = 1 << 16;
/**
 * Minimum share of messages that were removed since a segment was packed, for which the packed segment is written again
 * without them.
 */
const REMOVED_SHARE = 1 / 4;
/** Maximum size of the packed file as a share of the current file; a larger file is not worth the reads. */
const WORTHWHILE = 7 / 8;
/** Number of octets that are allocated for the content of a packed file; a larger buffer is allocated when needed. */
const ROOM = 1 << 20;

/** A record of the segment that is packed. */
interface PackedRecord {
  /** Offset of the record in the unpacked segment. */
  readonly offset: number;
  /** Offset of the record's header in the packed file. */
  readonly at: number;
}

export class Packer {
  readonly #segments: Segments;
  /** Segments whose packed file would not be smaller, or that contain damage. */
  readonly #unsuitable = new WeakSet<Segment>();
  #room = Buffer.alloc(0);

  constructor(segments: Segments) {
    this.#segments = segments;
  }

  /** Returns a full segment that should be packed; `undefined` if there is none. */
  next(): Segment | undefined {
    return this.#segments.full().find((segment) => {
      if (this.#unsuitable.has(segment) || segment.isDamaged || segment.size < LEAST) return false;
      if (!segment.isPacked) return true;
      const removed = segment.size - segment.live - segment.omitted;
      return removed >= Math.max(LEAST, REMOVED_SHARE * segment.size);
    });
  }

  /**
   * Packs a segment. Does nothing if the segment is deleted meanwhile, if it contains damage, or if the packed file
   * would not be smaller. Throws the error of the file system; the segment is then unchanged.
   * @param isStopped function that returns whether to stop
   */
  async pack(segment: Segment, slice: TimeSlice, isStopped: () => boolean): Promise<void> {
    this.#unsuitable.add(segment);
    if (this.#room.length === 0) this.#room = Buffer.allocUnsafeSlow(ROOM);
    const writer = new PackedWriter(this.#room);
    const records: PackedRecord[] = [];
    for (let offset = 0; offset < segment.size;) {
      if (slice.over) await slice.rest();
      if (isStopped() || this.#segments.get(segment.number) !== segment) {
        this.#unsuitable.delete(segment);
        return;
      }
      records.push({ offset, at: writer.length });
      const length = this.#add(segment, offset, writer);
      if (length === undefined) return;
      offset += length;
    }
    const content = writer.end();
    if (content.length > WORTHWHILE * segment.fileSize) return;
    // A packed segment is packed again after more of its messages are removed.
    if (await this.#replace(segment, content, records)) this.#unsuitable.delete(segment);
  }

  /** Returns the memory of the buffers. */
  rest(): void {
    this.#room = Buffer.alloc(0);
  }

  /** Adds a record, and returns its length in octets; `undefined` if the record is damaged. */
  #add(segment: Segment, offset: number, writer: PackedWriter): number | undefined {
    const file = this.#segments.use(segment);
    const header = readHeader(file.read(offset, HEADER), 0);
    if (header === undefined) return undefined;
    const record = file.read(offset, HEADER + header.size);
    const isIntact = (crc32(record.subarray(HEADER)) | 0) === header.sum;
    if (record.length < HEADER + header.size || (header.isLive && !isIntact)) return undefined;
    writer.add(record, header);
    return record.length;
  }

  /** Replaces the file of a segment. Returns `false` if the segment is not in its place any more, or in use. */
  async #replace(segment: Segment, content: Buffer, records: readonly PackedRecord[]): Promise<boolean> {
    const part = segment.path + PARTIAL;
    await rm(part, { force: true, recursive: true });
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.datasync();
      // The rest has no `await`, so no other code marks a record as dead or deletes the segment meanwhile.
      const isCurrent = this.#segments.get(segment.number) === segment;
      if (!isCurrent || segment.isSyncing || !segment.isInPlace) return false;
      this.#markDead(segment, file.fd, records);
      this.#segments.replaceBy(segment, part);
      return true;
    } finally {
      await file.close();
      await rm(part, { force: true });
    }
  }

  /** Marks records in the packed file that were marked in the segment while it was packed. */
  #markDead(segment: Segment, file: number, records: readonly PackedRecord[]): void {
    const source = this.#segments.use(segment);
    for (const { offset, at } of records) {
      if (source.read(offset + STATE_AT, 1).equals(DEAD))
        writeSync(file, DEAD, 0, DEAD.length, at + STATE_AT);
    }
  }
}
