/** Finds the records in a part of a segment from their headers, and the octets that belong to no record. */
import { crc32 } from 'node:zlib';
import { beginsRecord, HEADER, nextHeader, readHeader, type ReadHeader } from './record.ts';

export interface FoundRecord {
  readonly kind: 'record';
  readonly offset: number;
  readonly header: ReadHeader;
  /** Whether the checksum of the message is correct. */
  readonly isIntact: boolean;
}

/** Octets that are not a complete record. */
export interface FoundRest {
  /**
   * `torn`: the beginning of a record at the end of the segment, which remains when the process is killed during a
   * write. `damaged`: anything else.
   */
  readonly kind: 'torn' | 'damaged';
  readonly offset: number;
  readonly length: number;
}

export type Found = FoundRecord | FoundRest;

/**
 * Returns the records and the other octets in the part `from` to `to` (exclusive) of a segment, in their order.
 * `from` must be the beginning of a record unless the segment is damaged, and `to` the end of one.
 *
 * @param octets the segment from its start
 */
export function scan(octets: Buffer, from: number, to: number): readonly Found[] {
  const found: Found[] = [];
  for (let at = from; at < to;) {
    const record = recordAt(octets, at, to);
    if (record !== undefined) {
      found.push(record);
      at += HEADER + record.header.size;
      continue;
    }
    const next = nextHeader(octets, at + 1, to);
    const isTorn =
      next === to && to === octets.length && beginsRecord(octets.subarray(at, to)) && isShort(octets, at, to);
    found.push({ kind: isTorn ? 'torn' : 'damaged', offset: at, length: next - at });
    at = next;
  }
  return found;
}

/**
 * Returns the record at an offset; `undefined` if its header is damaged, or if it ends where no record can end. A
 * record whose message is damaged is returned if the octets after it show that its size is correct.
 */
function recordAt(octets: Buffer, offset: number, to: number): FoundRecord | undefined {
  const header = readHeader(octets, offset);
  if (header === undefined) return undefined;
  const end = offset + HEADER + header.size;
  if (end > to) return undefined;
  const isIntact = (crc32(octets.subarray(offset + HEADER, end)) | 0) === header.sum;
  if (!isIntact && end !== to && readHeader(octets, end) === undefined) return undefined;
  return { kind: 'record', offset, header, isIntact };
}

/**
 * Returns whether the record at an offset continues after `to`. Its header must be undamaged, unless the header
 * itself continues after `to`.
 */
function isShort(octets: Buffer, at: number, to: number): boolean {
  if (to - at < HEADER) return true;
  const header = readHeader(octets, at);
  return header !== undefined && at + HEADER + header.size > to;
}
