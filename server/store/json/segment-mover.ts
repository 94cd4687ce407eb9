/**
 * Reduces the space that segments take on the disk, in the background: compresses full segments when little mail arrives,
 * and moves messages out of segments whose removed messages take much space. At the start, moves the messages out of
 * damaged segments.
 *
 * First the messages are copied and synced to the disk, then the log records their new places, then the segment is
 * deleted. If the process is killed in between, the next start finds two copies of a message: the one whose place is
 * in the log stays valid, and the other one is marked as dead.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TimeSlice } from '../../async/time-slice.ts';
import { setAside } from '../files/set-aside.ts';
import type { MovedEntry } from '../model/entry.ts';
import { apply } from '../model/apply/index.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { State } from '../model/state.ts';
import { isSamePlace, NOWHERE } from '../position.ts';
import { Packer } from '../raw/packer.ts';
import type { MovedMessage, RawStore } from '../raw/raw-store.ts';
import { HEADER } from '../raw/record.ts';
import type { Segment } from '../raw/segment.ts';
import { storageReason } from '../storage-reason.ts';

export interface MoverParts {
  readonly state: State;
  readonly raws: RawStore;
  /** Milliseconds between the last change of the segments and the compression of full segments. */
  readonly packAfter: number;
  /** Whether the disk is full, which means that all space of removed messages is needed. */
  readonly isFull: () => boolean;
  /** Runs a write, which may use half of the space of the file `reserve`. */
  readonly write: <T>(work: () => Promise<T>) => Promise<T>;
  /** Writes an entry to the log. */
  readonly append: (entry: MovedEntry) => Promise<unknown>;
  /** Receives warnings for the operator. */
  readonly warn: (text: string) => void;
}

/** Default of `packAfter`, in milliseconds. */
export const PACK_AFTER = 2_000;
/** Maximum number of messages that may arrive during `packAfter` milliseconds while segments are compressed. */
const QUIET = 20;

export class SegmentMover {
  readonly #parts: MoverParts;
  readonly #packer: Packer;
  #timer: NodeJS.Timeout | undefined;
  /** Number of messages that arrived since the timer was set. */
  #arrived = 0;
  #running: Promise<void> | undefined;
  #isClosing = false;
  /** Whether the operator was warned that segments cannot be compressed. */
  #hasWarned = false;

  constructor(parts: MoverParts) {
    this.#parts = parts;
    this.#packer = new Packer(parts.raws.segments);
  }

  /**
   * Compresses full segments as soon as little mail arrives. Called after each change of the messages in the segments.
   * @param arrived number of messages that arrived
   */
  changed(arrived: number): void {
    this.#arrived += arrived;
    if (this.#timer !== undefined || this.#isClosing) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const isQuiet = this.#arrived <= QUIET;
      this.#arrived = 0;
      if (isQuiet && this.#running === undefined && !this.#parts.isFull()) this.#startPacking();
      else this.changed(0);
    }, this.#parts.packAfter).unref();
  }

  /** Starts to free the space of removed messages in the background if that is worthwhile. */
  kick(): void {
    const { raws, isFull, warn } = this.#parts;
    this.changed(0);
    if (this.#running !== undefined || this.#isClosing) return;
    if (raws.segments.wasteful(isFull(), new Set()) === undefined) return;
    this.#running = this.#freeSpace()
      .catch((error: unknown) => warn(`The space of removed messages is not freed: ${storageReason(error)}`))
      .finally(() => (this.#running = undefined));
  }

  /** Moves the messages of a damaged segment, and renames its file. Returns the new name. */
  async replace(segment: Segment, now: number): Promise<string> {
    const records = [...this.#parts.state.messages.values()].filter(
      ({ raw }) => raw.segment === segment.number,
    );
    await this.#move(segment, records);
    this.#parts.raws.segments.forget(segment);
    return setAside(segment.path, now);
  }

  /** Ends the background work; resolves when it has ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #startPacking(): void {
    if (this.#packer.next() === undefined) return;
    this.#running = this.#packAll()
      .catch((error: unknown) => {
        if (!this.#hasWarned) this.#parts.warn(`Full segments are not compressed: ${storageReason(error)}`);
        this.#hasWarned = true;
      })
      .finally(() => (this.#running = undefined));
  }

  async #packAll(): Promise<void> {
    const slice = new TimeSlice();
    const isStopped = (): boolean => this.#isClosing || this.#arrived > QUIET;
    for (let segment = this.#packer.next(); segment !== undefined; segment = this.#packer.next()) {
      if (isStopped()) break;
      await this.#packer.pack(segment, slice, isStopped);
    }
    this.#packer.rest();
    if (isStopped()) this.changed(0);
  }

  async #freeSpace(): Promise<void> {
    const { raws, isFull } = this.#parts;
    /** Segments that still contain live messages after an attempt to move them. */
    const tried = new Set<Segment>();
    for (;;) {
      await nextTurn();
      const segment = raws.segments.wasteful(isFull(), tried);
      if (segment === undefined || this.#isClosing) return;
      tried.add(segment);
      const records = this.#recordsIn(segment);
      const live = records.reduce((sum, { size }) => sum + HEADER + size, 0);
      // Messages that are written but not yet in the log cannot be moved.
      if (live === segment.live) await this.#move(segment, records);
      raws.segments.deleteIfDead(segment);
    }
  }

  /** Returns the messages of an undamaged segment. */
  #recordsIn(segment: Segment): MessageRecord[] {
    const { raws, state } = this.#parts;
    return raws.segments.scan(segment).flatMap((found) => {
      if (found.kind !== 'record') return [];
      const record = state.messages.get(found.header.id);
      const place = { segment: segment.number, offset: found.offset };
      return record !== undefined && isSamePlace(record.raw, place) ? [record] : [];
    });
  }

  /** Moves messages out of a segment; messages whose bytes are missing keep their places. */
  async #move(segment: Segment, records: readonly MessageRecord[]): Promise<void> {
    const { state, raws, write, append } = this.#parts;
    raws.segments.finish(segment);
    if (records.length === 0) return;
    const moved = await write(() => raws.copy(records));
    const items = moved.map(({ ref, raw }) => [ref.id, raw.segment, raw.offset] as const);
    const entry: MovedEntry = { do: 'moved', seq: state.seq, items };
    try {
      if (items.length > 0) await append(entry);
    } catch (error) {
      this.#drop(moved);
      throw error;
    }
    apply(state, entry, NOWHERE);
    const isGone = ({ ref }: MovedMessage<MessageRecord>): boolean => state.messages.get(ref.id) !== ref;
    // The removal of these messages has already subtracted them from the count of the segment, so only their
    // copies are removed.
    this.#drop(moved.filter(isGone));
    for (const { ref } of moved.filter((each) => !isGone(each))) {
      raws.segments.countLive(segment.number, -HEADER - ref.size);
    }
  }

  /** Removes copies of messages that are not used: the move failed, or the messages were removed meanwhile. */
  #drop(moved: readonly MovedMessage<MessageRecord>[]): void {
    this.#parts.raws.remove(moved.map(({ ref: { id, size, sum }, raw }) => ({ id, size, sum, raw })));
  }
}
