/**
 * The format of a packed segment: a full segment whose messages are compressed one by one. A packed segment replaces
 * the file of its segment and contains the same records at the same offsets, so no position in the log changes. All
 * numbers are little-endian.
 *
 *     a description (28 octets), one entry for each record, the table, and a copy of the description
 *
 * Description:
 *
 *     0   8  the octets 89 50 43 4B 31 0D 0A 1A (".PCK1" and control characters)
 *     8   4  size of the unpacked segment in octets
 *    12   4  number of entries
 *    16   4  offset of the table
 *    20   4  CRC-32 of the table
 *    24   4  CRC-32 of the octets 0 to 23
 *
 * Entry: the header of the record without changes (64 octets, see record.ts), its place (12 octets: offset of the
 * record in the unpacked segment, length of the compressed message, CRC-32 of the id and of these two numbers), and the
 * message in the format of RFC 1951 (deflate). The message of a removed record is omitted: the length is 0.
 *
 * Table: for each entry, its offset in the file and the offset of its record in the unpacked segment. When the table
 * is damaged, the entries are found from their headers and places.
 */
import { readSync } from 'node:fs';
import { constants, crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { HEADER, LONGEST, nextHeader, readHeader, type ReadHeader } from './record.ts';

const MAGIC = Buffer.from('\x89PCK1\r\n\x1a', 'latin1');
const DESCRIPTION = 28;
const DESCRIPTION_CHECK_AT = 24;
const PLACE = 12;
/** Number of octets of an entry before its compressed message. */
const ENTRY = HEADER + PLACE;
const TABLE_ENTRY = 8;
/** Smallest buffer that zlib accepts for its output, in octets. */
const LEAST_CHUNK = 64;
/** The compression level: level 1 takes 53 µs for a message of 5 KB; level 6 takes 70 µs and saves 2 % more. */
const LEVEL = constants.Z_BEST_SPEED;

interface Description {
  /** Size of the unpacked segment in octets. */
  readonly size: number;
  readonly entries: number;
  readonly tableAt: number;
  readonly tableSum: number;
}

/** The place of an entry (a record with its compressed message). */
interface Entry {
  /** Offset of the entry in the file. */
  readonly at: number;
  /** Offset of the record in the unpacked segment. */
  readonly offset: number;
  /** Length of the record in the unpacked segment, including its header. */
  readonly length: number;
  /** Offset in the file at which the compressed message ends. */
  readonly end: number;
}

/** The places of entries in ascending order, as numbers in one array: an object for each entry would take more memory. */
class Entries {
  #count = 0;
  #numbers = new Uint32Array(1 << 10);

  get count(): number {
    return this.#count;
  }

  add({ at, offset, length, end }: Entry): void {
    const to = this.#count * 4;
    if (to === this.#numbers.length) {
      const larger = new Uint32Array(2 * to);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers.set([at, offset, length, end], to);
    this.#count++;
  }

  get(index: number): Entry | undefined {
    if (index < 0 || index >= this.#count) return undefined;
    const [at = 0, offset = 0, length = 0, end = 0] = this.#numbers.subarray(index * 4, index * 4 + 4);
    return { at, offset, length, end };
  }

  *[Symbol.iterator](): Generator<Entry> {
    for (let i = 0; i < this.#count; i++) {
      const entry = this.get(i);
      if (entry !== undefined) yield entry;
    }
  }
}

/** Creates the content of a packed segment. */
export class PackedWriter {
  #octets: Buffer;
  #at = DESCRIPTION;
  #size = 0;
  readonly #table: number[] = [];

  /**
   * @param room a buffer for the content; a larger buffer is allocated when it is too small
   */
  constructor(room: Buffer) {
    this.#octets = room;
  }

  /** Number of octets of the content so far. */
  get length(): number {
    return this.#at;
  }

  /** Adds a record: its header of 64 octets, and its message. The message of a removed record is omitted. */
  add(record: Buffer, { isLive }: ReadHeader): void {
    const message = record.subarray(HEADER);
    const chunkSize = Math.max(LEAST_CHUNK, Math.min(message.length, 4_000));
    const packed = isLive ? deflateRawSync(message, { level: LEVEL, chunkSize }) : Buffer.alloc(0);
    this.#reserve(ENTRY + packed.length);
    record.copy(this.#octets, this.#at, 0, HEADER);
    writePlace(this.#octets, this.#at, this.#size, packed.length);
    packed.copy(this.#octets, this.#at + ENTRY);
    this.#table.push(this.#at, this.#size);
    this.#at += ENTRY + packed.length;
    this.#size += record.length;
  }

  /** Returns the whole content. It is valid until the buffer is used again. */
  end(): Buffer {
    const table = Buffer.alloc(this.#table.length * 4);
    for (const [i, value] of this.#table.entries()) table.writeUInt32LE(value, i * 4);
    const tableAt = this.#at;
    const entries = this.#table.length / 2;
    const described = describe({ size: this.#size, entries, tableAt, tableSum: crc32(table) });
    this.#reserve(table.length + DESCRIPTION);
    table.copy(this.#octets, tableAt);
    described.copy(this.#octets, 0);
    described.copy(this.#octets, tableAt + table.length);
    return this.#octets.subarray(0, tableAt + table.length + DESCRIPTION);
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#octets.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#octets.length, this.#at + more));
    this.#octets.copy(larger, 0, 0, this.#at);
    this.#octets = larger;
  }
}

function describe({ size, entries, tableAt, tableSum }: Description): Buffer {
  const octets = Buffer.alloc(DESCRIPTION);
  MAGIC.copy(octets);
  octets.writeUInt32LE(size, 8);
  octets.writeUInt32LE(entries, 12);
  octets.writeUInt32LE(tableAt, 16);
  octets.writeUInt32LE(tableSum, 20);
  octets.writeUInt32LE(crc32(octets.subarray(0, DESCRIPTION_CHECK_AT)), DESCRIPTION_CHECK_AT);
  return octets;
}

function readDescription(octets: Buffer): Description | undefined {
  if (octets.length < DESCRIPTION || !octets.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  if (crc32(octets.subarray(0, DESCRIPTION_CHECK_AT)) !== octets.readUInt32LE(DESCRIPTION_CHECK_AT))
    return undefined;
  return {
    size: octets.readUInt32LE(8),
    entries: octets.readUInt32LE(12),
    tableAt: octets.readUInt32LE(16),
    tableSum: octets.readUInt32LE(20),
  };
}

/** Writes the place after the header of the entry at `at`. The header must be there already. */
function writePlace(octets: Buffer, at: number, offset: number, length: number): void {
  octets.writeUInt32LE(offset, at + HEADER);
  octets.writeUInt32LE(length, at + HEADER + 4);
  octets.writeUInt32LE(placeSum(octets, at), at + HEADER + 8);
}

/** Checksum of a place; it covers the end of the header, too, so that the place belongs to the record. */
const placeSum = (octets: Buffer, at: number): number =>
  crc32(octets.subarray(at + HEADER - 4, at + HEADER + 8));

/** Returns the octets from `from` to `to` (exclusive) of a file, fewer if the file is shorter. */
function readAt(file: number, from: number, to: number): Buffer {
  const octets = Buffer.allocUnsafe(Math.max(0, to - from));
  let filled = 0;
  for (let read = -1; filled < octets.length && read !== 0; filled += read)
    read = readSync(file, octets, filled, octets.length - filled, from + filled);
  return octets.subarray(0, filled);
}

/** The places of the records in the file of a packed segment. The file is an argument of all methods that read it. */
export class PackedSegment {
  /** Size of the unpacked segment in octets. */
  readonly size: number;
  /**
   * Total size in octets of the records, including their headers, whose messages the file does not contain, because
   * the messages were removed.
   */
  readonly omitted: number;
  /** Description of the damage to the descriptions or the table; `null` if they are undamaged. */
  readonly problem: string | null;
  readonly #entries: Entries;
  /** The entries that a search of the file found; `null` before the first search. */
  #found: Entries | null = null;

  private constructor(size: number, entries: Entries, problem: string | null) {
    this.size = size;
    this.problem = problem;
    this.#entries = entries;
    let omitted = 0;
    for (const { at, end, length } of entries) if (end === at + ENTRY) omitted += length;
    this.omitted = omitted;
  }

  /**
   * Reads the places from a file; returns `undefined` for a file that is not a packed segment. Throws the error of
   * the file system.
   * @param size size of the file in octets
   */
  static open(file: number, size: number): PackedSegment | undefined {
    const first = readAt(file, 0, HEADER);
    const last = readAt(file, Math.max(0, size - DESCRIPTION), size);
    const [before, after] = [readDescription(first), readDescription(last)];
    const description = before ?? after;
    if (description === undefined) {
      if (size === 0 || size > LONGEST || readHeader(first, 0) !== undefined) return undefined;
      const found = findEntries(file, size);
      return found.count === 0 ? undefined : new PackedSegment(endOf(found), found, 'its table is damaged');
    }
    const entries = readTable(file, description);
    if (entries === undefined)
      return new PackedSegment(description.size, findEntries(file, size), 'its table is damaged');
    const isWhole = before !== undefined && after !== undefined;
    return new PackedSegment(description.size, entries, isWhole ? null : 'its description is damaged');
  }

  /**
   * Returns the octets from `from` to `to` (exclusive) of the unpacked segment. Ends before a message that cannot be
   * unpacked.
   */
  read(file: number, from: number, to: number): Buffer {
    const pieces: Buffer[] = [];
    let reached = from;
    for (let i = this.#indexAt(from); reached < to; i++) {
      const entry = this.#entries.get(i);
      if (entry === undefined || entry.offset > reached) break;
      const isHeader = to <= entry.offset + HEADER;
      const record = isHeader ? readAt(file, entry.at, entry.at + HEADER) : this.#unpack(file, entry);
      pieces.push(record.subarray(reached - entry.offset, to - entry.offset));
      reached = entry.offset + record.length;
      if (record.length < entry.length) break;
    }
    const [only, ...others] = pieces;
    return only !== undefined && others.length === 0 ? only : Buffer.concat(pieces);
  }

  /** Returns the first `to` octets of the unpacked segment, with zeros in place of octets that cannot be unpacked. */
  content(file: number, to: number): Buffer {
    const octets = Buffer.alloc(Math.min(to, this.size));
    for (const entry of this.#entries) {
      if (entry.offset < octets.length) this.#unpack(file, entry).copy(octets, entry.offset);
    }
    return octets;
  }

  /** Returns a description of the first damaged place of an entry; `null` if all places are undamaged. */
  damagedPlace(file: number): string | null {
    for (const { at, offset, end } of this.#entries) {
      const octets = readAt(file, at, at + ENTRY);
      const expected = Buffer.from(octets);
      if (octets.length === ENTRY) writePlace(expected, 0, offset, end - at - ENTRY);
      const isWhole = octets.length === ENTRY && expected.equals(octets);
      if (!isWhole && readHeader(octets, 0) !== undefined) return `the place at octet ${at} is damaged`;
    }
    return null;
  }

  /** Returns the offset in the file of the header of a record; `undefined` if there is no record at `offset`. */
  headerAt(offset: number): number | undefined {
    const entry = this.#entries.get(this.#indexAt(offset));
    return entry?.offset === offset ? entry.at : undefined;
  }

  /**
   * Returns the record of an entry, or only its header if its message is damaged. If the entry is not at the place that
   * the table contains, searches the file for it.
   */
  #unpack(file: number, entry: Entry): Buffer {
    const record = unpack(file, entry);
    if (isIntact(record, entry)) return record;
    this.#found ??= findEntries(file, LONGEST);
    for (const other of this.#found) {
      if (other.offset === entry.offset && other.length === entry.length) return unpack(file, other);
    }
    return record;
  }

  /**
   * Returns the index of the entry whose record contains an octet of the unpacked segment, or of the entry before this
   * octet.
   */
  #indexAt(offset: number): number {
    let low = 0;
    let high = this.#entries.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#entries.get(middle)?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Reads the table; returns `undefined` if it is damaged. */
function readTable(file: number, { size, entries, tableAt, tableSum }: Description): Entries | undefined {
  const length = entries * TABLE_ENTRY;
  const table = readAt(file, tableAt, tableAt + length);
  if (table.length < length || crc32(table) !== tableSum) return undefined;
  const read = new Entries();
  for (let i = 0; i < length; i += TABLE_ENTRY) {
    const [at, offset] = [table.readUInt32LE(i), table.readUInt32LE(i + 4)];
    const next = i + TABLE_ENTRY;
    const isLast = next === length;
    const nextOffset = isLast ? size : table.readUInt32LE(next + 4);
    read.add({ at, end: isLast ? tableAt : table.readUInt32LE(next), offset, length: nextOffset - offset });
  }
  return read;
}

/** Returns the size of the unpacked segment, as far as its entries show it. */
function endOf(entries: Entries): number {
  const last = entries.get(entries.count - 1);
  return last === undefined ? 0 : last.offset + last.length;
}

/** Finds the entries of a damaged file from their headers and places. */
function findEntries(file: number, size: number): Entries {
  const octets = readAt(file, 0, Math.min(size, LONGEST));
  const found = new Map<number, Entry>();
  for (let at = nextHeader(octets, 0, octets.length); at < octets.length;) {
    const header = readHeader(octets, at);
    const isWhole =
      at + ENTRY <= octets.length && octets.readUInt32LE(at + HEADER + 8) === placeSum(octets, at);
    if (header !== undefined && isWhole) {
      const offset = octets.readUInt32LE(at + HEADER);
      const end = at + ENTRY + octets.readUInt32LE(at + HEADER + 4);
      const entry = { at, offset, length: HEADER + header.size, end };
      // A damaged file may contain the same entry twice.
      if (!found.has(offset) || isIntact(unpack(file, entry), entry)) found.set(offset, entry);
    }
    at = nextHeader(octets, at + 1, octets.length);
  }
  const entries = new Entries();
  for (const entry of [...found.values()].sort((a, b) => a.offset - b.offset)) entries.add(entry);
  return entries;
}

/** Whether a record has the length that its entry names, and the checksum that its header contains. */
function isIntact(record: Buffer, { length }: Entry): boolean {
  const header = readHeader(record, 0);
  if (record.length !== length) return false;
  if (header === undefined) return true;
  return !header.isLive || (crc32(record.subarray(HEADER)) | 0) === header.sum;
}

/** Returns the record of an entry; only its header if the message is damaged. The message of a removed record is zeros. */
function unpack(file: number, { at, end, length }: Entry): Buffer {
  const octets = readAt(file, at, end);
  const header = octets.subarray(0, HEADER);
  if (end === at + ENTRY) return Buffer.concat([header, Buffer.alloc(length - HEADER)]);
  try {
    const limits = { chunkSize: Math.max(LEAST_CHUNK, length), maxOutputLength: Math.max(1, length) };
    const message = inflateRawSync(octets.subarray(ENTRY), limits);
    return message.length === length - HEADER ? Buffer.concat([header, message]) : header;
  } catch {
    return header;
  }
}
