/**
 * Compares the segments with the messages of the log. Only the parts of the segments that no message of the log
 * refers to are read, so that a start does not depend on the amount of mail.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { TimeSlice } from '../../async/time-slice.ts';
import type { MessageId } from '../ids.ts';
import type { RawPlace } from '../position.ts';
import type { RawRef } from '../raw-ref.ts';
import { storageReason } from '../storage-reason.ts';
import { HEADER } from './record.ts';
import type { Found, FoundRecord, FoundRest } from './scan.ts';
import type { Segment } from './segment.ts';
import { isInSegment, isUnfinished, segmentNumber, type Segments } from './segments.ts';

/** A message in `raw/` that the log does not mention. */
export interface StrayMessage {
  readonly id: MessageId;
  readonly raw: RawPlace;
  /** Size and CRC-32 as the header of the record contains them; the size is 0 for a file of its own. */
  readonly size: number;
  readonly sum: number | null;
  /**
   * Time of arrival in milliseconds since the epoch; `null` for a message with a file of its own, because the
   * time of the file is used.
   */
  readonly receivedAt: number | null;
}

export interface SegmentInventory {
  /** Number of messages in the log for which the segment contains the place that the log names. */
  present: number;
  readonly strays: StrayMessage[];
  /** Records that are copies of other records: they remained when the process was killed during a move. */
  readonly copies: Pick<RawRef, 'id' | 'raw'>[];
  /** Messages whose bytes are not at the place that the log names, but at another place. */
  readonly displaced: { readonly ref: RawRef; readonly raw: RawPlace }[];
  /** Incomplete records at the ends of segments, from messages that were never acknowledged. */
  readonly torn: { readonly segment: Segment; readonly offset: number }[];
  /**
   * Segments that contain octets outside of records, or that cannot be read; each with a description of the
   * problem.
   */
  readonly damaged: { readonly segment: Segment; readonly problem: string }[];
  /** Paths of links, directories and other entries where a segment is expected. */
  readonly foreign: string[];
}

export interface InventoryOptions {
  /** The messages of the log. */
  readonly messages: ReadonlyMap<MessageId, RawRef>;
  /** Whether the headers of all records are compared with the log. */
  readonly thorough: boolean;
}

export async function takeInventory(
  segments: Segments,
  options: InventoryOptions,
): Promise<SegmentInventory> {
  const inventory: SegmentInventory = {
    present: 0,
    strays: [],
    copies: [],
    displaced: [],
    torn: [],
    damaged: [],
    foreign: [],
  };
  const found = await registerAll(segments, inventory);
  const slice = new TimeSlice();
  const bySegment = await refsBySegment(segments, options.messages, slice);
  const seen = new Set<MessageId>();
  for (const segment of found) {
    if (slice.over) await slice.rest();
    new Examination(segments, segment, { ...options, inventory, seen }).run(
      bySegment.get(segment.number) ?? [],
    );
  }
  return inventory;
}

async function registerAll(segments: Segments, { foreign }: SegmentInventory): Promise<Segment[]> {
  const names = await readdir(segments.directory).catch(() => []);
  const found: Segment[] = [];
  for (const name of names.sort()) {
    if (isUnfinished(name)) segments.deleteUnfinished(name);
    const number = segmentNumber(name);
    if (number === undefined) continue;
    const segment = segments.register(name, number);
    if (segment === undefined) foreign.push(path.join(segments.directory, name));
    else found.push(segment);
  }
  return found;
}

/** Returns the messages of the log in each segment, in the order of their offsets. */
async function refsBySegment(
  segments: Segments,
  messages: ReadonlyMap<MessageId, RawRef>,
  slice: TimeSlice,
): Promise<ReadonlyMap<number, RawRef[]>> {
  const bySegment = new Map<number, RawRef[]>();
  for (const ref of messages.values()) {
    if (slice.over) await slice.rest();
    if (!isInSegment(ref)) continue;
    const { segment } = ref.raw;
    segments.passNumber(segment);
    const others = bySegment.get(segment);
    if (others === undefined) bySegment.set(segment, [ref]);
    else others.push(ref);
  }
  for (const refs of bySegment.values()) refs.sort((a, b) => a.raw.offset - b.raw.offset);
  return bySegment;
}

interface ExaminationParts extends InventoryOptions {
  readonly inventory: SegmentInventory;
  /** Ids of the messages that were found in segments but are not in the log. */
  readonly seen: Set<MessageId>;
}

/** The comparison of one segment with the log. */
class Examination {
  readonly #segments: Segments;
  readonly #segment: Segment;
  readonly #parts: ExaminationParts;

  constructor(segments: Segments, segment: Segment, parts: ExaminationParts) {
    this.#segments = segments;
    this.#segment = segment;
    this.#parts = parts;
  }

  /** @param refs the messages of the log in this segment, in the order of their offsets */
  run(refs: readonly RawRef[]): void {
    try {
      this.#count(refs);
      const problem = this.#segment.tableProblem ?? this.#damagedPlace();
      if (problem !== null) this.#damaged(problem);
      for (const each of this.#content(refs)) {
        if (each.kind === 'record') this.#takeRecord(each);
        else this.#takeRest(each);
      }
    } catch (error) {
      this.#damaged(storageReason(error));
    }
  }

  #damagedPlace(): string | null {
    return this.#parts.thorough ? this.#segments.use(this.#segment).damagedPlace() : null;
  }

  /** Counts the messages of the log whose place is in the segment. */
  #count(refs: readonly RawRef[]): void {
    let missing = 0;
    for (const ref of refs) {
      this.#segments.countLive(this.#segment.number, HEADER + ref.size);
      if (this.#segments.has(ref)) this.#parts.inventory.present++;
      if (ref.raw.offset + HEADER + ref.size > this.#segment.size) missing++;
    }
    if (missing > 0) this.#damaged(`the end of ${missing} messages is missing`);
  }

  /**
   * Returns the content of the parts that contain no message of the log. If they are damaged, returns the content of
   * the whole segment, because messages may be at other places than the log says.
   */
  #content(refs: readonly RawRef[]): readonly Found[] {
    const whole = [[0, this.#segment.size]] as const;
    const scanned = (parts: readonly (readonly [number, number])[]): Found[] =>
      parts.flatMap(([from, to]) => this.#segments.scan(this.#segment, from, to));
    if (this.#parts.thorough || this.#segment.isDamaged) return scanned(whole);
    const found = scanned(this.#gaps(refs));
    return found.some(({ kind }) => kind === 'damaged') ? scanned(whole) : found;
  }

  /** Returns the parts of the segment that contain no message of the log. */
  #gaps(refs: readonly RawRef[]): (readonly [from: number, to: number])[] {
    const gaps: (readonly [number, number])[] = [];
    let at = 0;
    for (const { raw, size } of refs) {
      if (raw.offset > at) gaps.push([at, Math.min(raw.offset, this.#segment.size)]);
      at = Math.max(at, raw.offset + HEADER + size);
    }
    if (at < this.#segment.size) gaps.push([at, this.#segment.size]);
    return gaps.filter(([from, to]) => from < to);
  }

  #takeRecord({ offset, header, isIntact }: FoundRecord): void {
    const { id, size, sum, receivedAt, isLive } = header;
    const raw = { segment: this.#segment.number, offset };
    const { messages, inventory, seen } = this.#parts;
    const ref = messages.get(id);
    if (ref !== undefined && isInSegment(ref)) {
      if (ref.raw.segment === raw.segment && ref.raw.offset === offset) return;
      const isSame = isIntact && size === ref.size && (ref.sum === null || sum === ref.sum);
      if (isSame && !this.#segments.isAt(ref)) inventory.displaced.push({ ref, raw });
      else if (isLive) inventory.copies.push({ id, raw });
      return;
    }
    if (!isLive) return;
    if (ref !== undefined || seen.has(id)) inventory.copies.push({ id, raw });
    else {
      seen.add(id);
      inventory.strays.push({ id, raw, size, sum, receivedAt });
    }
  }

  #takeRest({ kind, offset, length }: FoundRest): void {
    if (kind === 'torn' && !this.#segment.isPacked)
      this.#parts.inventory.torn.push({ segment: this.#segment, offset });
    else this.#damaged(`${length} octets from octet ${offset} on are no message`);
  }

  #damaged(problem: string): void {
    if (this.#segment.isDamaged) return;
    this.#segment.isDamaged = true;
    this.#parts.inventory.damaged.push({ segment: this.#segment, problem });
  }
}
