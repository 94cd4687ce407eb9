/**
 * The exact bytes of messages in a data directory: small messages are in segments, larger ones in files of their own
 * (`raw/ab/<id>.eml`).
 */
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';
import { OWN_FILE, type RawPlace } from '../position.ts';
import type { NewRaw, RawRef } from '../raw-ref.ts';
import { errorCode } from '../storage-reason.ts';
import { StoreError, unwritable } from '../store.ts';
import { isAsReceived } from './as-received.ts';
import {
  takeInventory,
  type InventoryOptions,
  type SegmentInventory,
  type StrayMessage,
} from './inventory.ts';
import { ON_THE_SPOT, RawFiles } from './raw-files.ts';
import { HEADER } from './record.ts';
import { isInSegment, Segments } from './segments.ts';

/** The content of `raw/`, compared with the messages of the log. */
export interface Inventory extends Omit<SegmentInventory, 'present'> {
  /** Whether `raw/` may lack the bytes of a message that the log contains. */
  readonly isIncomplete: boolean;
  /**
   * Names of temporary files that remained because the process ended during a write; their messages were never
   * acknowledged.
   */
  readonly partial: readonly string[];
}

export interface RawStoreOptions {
  /** Whether a write is complete only when the message is synced to the disk. */
  readonly fsync: boolean;
  /** Whether all new messages get files of their own. */
  readonly ownFiles?: boolean;
  readonly mayWrite: boolean;
  /** Maximum total size of the removed messages that segments may contain, in octets. */
  readonly tolerated?: number | undefined;
}

/** A message whose bytes were copied to another place. */
export interface MovedMessage<Ref extends RawRef = RawRef> {
  readonly ref: Ref;
  readonly raw: RawPlace;
}

export class RawStore {
  readonly segments: Segments;
  readonly #files: RawFiles;
  readonly #fsync: boolean;
  /** Maximum size in octets of a message that is stored in a segment. */
  readonly #segmentLimit: number;

  constructor(data: string, { fsync, ownFiles = false, mayWrite, tolerated }: RawStoreOptions) {
    this.#files = new RawFiles(data, fsync);
    this.segments = new Segments(this.#files.directory, mayWrite, tolerated);
    this.#fsync = fsync;
    this.#segmentLimit = ownFiles ? -1 : ON_THE_SPOT;
  }

  /** Writes a message's bytes to the page cache of the kernel. Throws `StoreError('unwritable')`. */
  async write(message: NewRaw): Promise<RawPlace> {
    const { id, raw } = message;
    if (raw.length > this.#segmentLimit) {
      await this.#files.write(id, raw);
      return OWN_FILE;
    }
    try {
      const place = this.segments.append(message);
      if (this.#fsync) await this.#sync(message, place);
      return place;
    } catch (error) {
      throw unwritable(error);
    }
  }

  /** Stores a message's bytes from a file, which is not removed. Throws `StoreError('unwritable')`. */
  async adopt(id: MessageId, file: string): Promise<RawPlace> {
    await this.#files.adopt(id, file);
    return OWN_FILE;
  }

  /** Returns the bytes of the message; `undefined` when they are missing. */
  async read(ref: RawRef): Promise<Buffer | undefined> {
    return isInSegment(ref) ? this.#readSegment(ref) : this.#files.read(ref.id);
  }

  /** Returns the octets `start` to `end` (exclusive) of the message, fewer when it is shorter. */
  async readPart(ref: RawRef, start: number, end: number): Promise<Buffer | undefined> {
    if (isInSegment(ref)) return this.#readSegment(ref)?.subarray(start, end);
    return this.#files.readPart(ref.id, start, end);
  }

  /** Reads the bytes of a message synchronously; returns `undefined` when they cannot be read. */
  readNow(ref: RawRef): Buffer | undefined {
    if (!isInSegment(ref)) return this.#files.readNow(ref.id);
    try {
      return this.segments.read(ref);
    } catch {
      return undefined;
    }
  }

  /** Returns whether the bytes of the message exist at the place that `ref` names; they may be damaged. */
  has(ref: RawRef): boolean {
    return isInSegment(ref) ? this.segments.has(ref) : this.#files.has(ref.id);
  }

  /** Returns the place of a message's bytes as a text for the operator. */
  describe(ref: Pick<RawRef, 'id' | 'raw'>): string {
    if (!isInSegment(ref)) return this.#files.pathOf(ref.id);
    const { segment, offset } = ref.raw;
    const file = this.segments.get(segment)?.path ?? path.join(this.segments.directory, `segment ${segment}`);
    return `${file}, octet ${offset}`;
  }

  /** Returns the path of a message's own file. */
  pathOf(id: MessageId): string {
    return this.#files.pathOf(id);
  }

  /** Removes the bytes of messages; files are deleted in the background. */
  remove(refs: readonly RawRef[]): void {
    this.segments.remove(refs.filter(isInSegment));
    this.#files.remove(refs.filter((ref) => !isInSegment(ref)).map(({ id }) => id));
  }

  /** Marks records as dead that were never counted as live messages: they are copies, or were removed before. */
  discard(records: readonly Pick<RawRef, 'id' | 'raw'>[]): void {
    for (const record of records) {
      if (isInSegment(record)) this.segments.markDead(record);
      else this.#files.remove([record.id]);
    }
  }

  /**
   * Adds a message that was found in `raw/` to the count of live (not removed) messages. The message must be in
   * the log from now on.
   */
  adopted({ size, raw }: Pick<RawRef, 'id' | 'size' | 'raw'>): void {
    this.segments.countLive(raw.segment, HEADER + size);
  }

  /** Updates the counts of live messages for a message that was found in another segment than the log says. */
  recount({ size, raw }: RawRef, found: RawPlace): void {
    this.segments.countLive(raw.segment, -HEADER - size);
    this.segments.countLive(found.segment, HEADER + size);
  }

  /** Resolves when all removals that were requested before this call are complete. */
  removed(): Promise<void> {
    return this.#files.removed();
  }

  /** Compares the content of `raw/` with the messages of the log. Must be called before anything is written. */
  async inventory(options: InventoryOptions): Promise<Inventory> {
    const { messages } = options;
    const { present, ...segments } = await takeInventory(this.segments, options);
    const files = await this.#files.inventory((id) => {
      const ref = messages.get(id);
      return ref !== undefined && !isInSegment(ref);
    });
    const inSegments = new Set(segments.strays.map(({ id }) => id));
    const strays = files.unknown
      .filter((id) => !messages.has(id) && !inSegments.has(id))
      .map((id): StrayMessage => ({ id, raw: OWN_FILE, size: 0, sum: null, receivedAt: null }));
    this.segments.continueLast();
    return {
      ...segments,
      strays: [...segments.strays, ...strays],
      isIncomplete: present + files.present < messages.size,
      partial: files.partial,
      foreign: [...segments.foreign, ...files.foreign],
    };
  }

  /**
   * Copies the messages of a segment to another segment. A damaged message gets a file of its own, because a segment
   * contains only complete messages; a missing message is omitted. Resolves with the new places when they are synced to
   * the disk. Throws `StoreError('unwritable')`; in this case nothing is copied.
   */
  async copy<Ref extends RawRef & { readonly receivedAt: number }>(
    refs: readonly Ref[],
  ): Promise<readonly MovedMessage<Ref>[]> {
    const moved: MovedMessage<Ref>[] = [];
    try {
      for (const ref of refs) {
        const raw = this.segments.read(ref);
        if (raw === undefined) continue;
        if (isAsReceived(ref, raw)) {
          const { id, receivedAt, sum } = ref;
          const place = this.segments.append({ id, raw, sum: sum ?? crc32(raw) | 0, receivedAt });
          moved.push({ ref, raw: place });
        } else {
          await this.#files.write(ref.id, raw);
          moved.push({ ref, raw: OWN_FILE });
        }
      }
      for (const segment of new Set(moved.map(({ raw }) => raw.segment))) await this.segments.synced(segment);
      return moved;
    } catch (error) {
      this.remove(moved.map(({ ref: { id, size, sum }, raw }) => ({ id, size, sum, raw })));
      throw unwritable(error);
    }
  }

  close(): void {
    this.segments.close();
  }

  #readSegment(ref: RawRef): Buffer | undefined {
    try {
      return this.segments.read(ref);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw new StoreError('io', `Cannot read ${this.describe(ref)}: ${String(error)}`, { cause: error });
    }
  }

  async #sync({ id, raw: { length }, sum }: NewRaw, raw: RawPlace): Promise<void> {
    try {
      await this.segments.synced(raw.segment);
    } catch (error) {
      this.segments.remove([{ id, size: length, sum, raw }]);
      throw error;
    }
  }
}
