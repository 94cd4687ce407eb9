/**
 * A segment of the search index on disk, which never changes. A search loads the tables of texts that it
 * needs from the file; tables that no search used for a while are dropped from memory. Postings (lists of
 * documents) are read for each search.
 */
import { crc32 } from 'node:zlib';
import type { MessageId } from '../../ids.ts';
import type { TimeSlice } from '../../../async/time-slice.ts';
import { Bits } from './bits.ts';
import { isHeaderColumn, type IndexedFacts } from './document.ts';
import { octetBuffer } from './large-buffer.ts';
import { OctetReader } from './octets.ts';
import { COLUMN, HAS_ATTACHMENTS, HAS_HTML, IS_PARTIAL, TOKENS } from './segment-content.ts';
import { DOCUMENT, Keys, type ColumnMatch, type Segment } from './segment.ts';
import { DamagedSegment, SegmentFile, type SegmentSource } from './segment-file.ts';
import { entriesWith, postingsAt, tableSize, textAt, type Table, type TextMatch } from './table.ts';
import type { TokenTerm } from './tokens.ts';

/**
 * Maximum gap in octets between two postings (lists of documents) that are read with one call. The octets in
 * the gap are read needlessly, but a second call would take longer.
 */
const GAP = 1 << 14;
/**
 * Maximum number of octets that are read with one call, unless the postings (list of positions) of a single
 * token are longer.
 */
const WINDOW = 1 << 20;
/** Number of octets of postings (lists of documents) that are decoded before the time slice is checked again. */
const STEP = 1 << 15;

/**
 * A token is common if the size of its postings (list of positions) in octets is more than the number of
 * documents in the segment divided by `COMMON`.
 */
const COMMON = 4;

/**
 * A phrase is frequent if, even at the place with the rarest tokens, the postings (lists of positions) of the
 * matching tokens have more than this number of octets.
 */
const FREQUENT = 1 << 16;

/**
 * A place of a phrase: `offset` is its distance from the start of the phrase in tokens, `entries` are the
 * numbers of the tokens that match there, and `octets` is the total size of the postings (lists of positions)
 * of these tokens.
 */
interface PhrasePlace {
  readonly offset: number;
  readonly entries: readonly number[];
  readonly octets: number;
}

const NO_KEYS = new Float64Array(0);

/**
 * A column of the segment: a table of texts, and the postings of each text, which list the documents that
 * contain it.
 */
interface Column extends Table {
  readonly postings: Buffer;
}

export class StoredSegment implements Segment {
  readonly facts: Uint8Array;
  /** For each document, by document number: the number of token positions in its body. */
  readonly lengths: Uint32Array;
  readonly partial: Bits;
  readonly #file: SegmentFile;
  readonly #loaded = new Map<string, Promise<Table>>();
  /**
   * For each loaded table, the entries whose postings (lists of documents) have already passed the checksum
   * test.
   */
  readonly #checked = new WeakMap<Table, Bits>();
  /** A buffer for the postings (lists of documents) that a search reads; `undefined` while a search uses it. */
  #space: Buffer | undefined;
  #used = false;

  private constructor(file: SegmentFile, facts: Uint8Array, lengths: Uint32Array) {
    this.#file = file;
    this.facts = facts;
    this.lengths = lengths;
    this.partial = this.#withBit(IS_PARTIAL);
  }

  /** Opens a segment. If that fails, closes the source and throws `DamagedSegment` or the error of the file system. */
  static async open(source: SegmentSource): Promise<StoredSegment> {
    try {
      const file = await SegmentFile.open(source);
      const facts = await file.section('facts');
      const lengths = uint32s(await file.section('lengths'));
      if (facts.length !== file.documents || lengths.length !== file.documents) {
        throw new DamagedSegment('the number of documents is wrong');
      }
      return new StoredSegment(file, facts, lengths);
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  /**
   * Reads the ids of the segment's messages, and their stamps: numbers that identify a message together with
   * its id.
   */
  async messages(): Promise<readonly { readonly id: MessageId; readonly stamp: number }[]> {
    const ids = (await this.#file.section('ids')).toString('latin1').split('\n');
    const stamps = uint32s(await this.#file.section('stamps'));
    if (ids.length !== this.size) throw new DamagedSegment('the number of ids is wrong');
    return ids.map((id, doc) => ({ id: id as MessageId, stamp: stamps[doc] ?? 0 }));
  }

  /** Reads the whole segment and verifies all checksums. Throws `DamagedSegment` if one is wrong. */
  async check(): Promise<void> {
    for (const name of this.#file.names) await this.#file.section(name);
  }

  get size(): number {
    return this.facts.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Drops the loaded tables if no search used them since the last call. */
  dropUnused(): void {
    if (!this.#used) {
      this.#loaded.clear();
      this.#space = undefined;
    }
    this.#used = false;
  }

  withFact(fact: keyof IndexedFacts): Bits {
    return this.#withBit(fact === 'hasHtml' ? HAS_HTML : HAS_ATTACHMENTS);
  }

  #withBit(bit: number): Bits {
    const found = new Bits(this.size);
    for (let doc = 0; doc < this.size; doc++) if (((this.facts[doc] ?? 0) & bit) !== 0) found.add(doc);
    return found;
  }

  /** Names of the columns in the segment; a column contains the short texts of one kind, such as subjects. */
  get columnNames(): readonly string[] {
    return [...this.#file.names]
      .filter((name) => name.startsWith(COLUMN) && name.endsWith('/texts'))
      .map((name) => name.slice(COLUMN.length, -'/texts'.length));
  }

  /**
   * Returns the names of the columns that `name` selects: the column of this name, or for `null` the columns
   * of all header fields.
   */
  columnsNamed(name: string | null): readonly string[] {
    return name === null
      ? this.columnNames.filter(isHeaderColumn)
      : this.#file.has(`${COLUMN + name}/texts`)
        ? [name]
        : [];
  }

  column(name: string): Promise<Column> {
    return this.#load(COLUMN + name, async () => ({
      ...(await this.#table(COLUMN + name)),
      postings: await this.#file.section(`${COLUMN + name}/postings`),
    }));
  }

  tokens(): Promise<Table> {
    return this.#load(TOKENS, () => this.#table(TOKENS));
  }

  /**
   * Reads the postings (lists of positions) of consecutive tokens: the octets of their section from the offset `from`
   * up to, but not including, `to`.
   * @param into a buffer that may be overwritten with the octets, so that no new buffer is allocated
   */
  postings(from: number, to: number, into?: Buffer): Promise<Buffer> {
    return this.#file.part(`${TOKENS}/postings`, from, to, into);
  }

  #load<T extends Table>(name: string, read: () => Promise<T>): Promise<T> {
    this.#used = true;
    let table = this.#loaded.get(name) as Promise<T> | undefined;
    if (table === undefined) {
      table = read();
      this.#loaded.set(name, table);
      // A table whose read failed is not cached, so the next search reads it again.
      table.catch(() => this.#loaded.delete(name));
    }
    return table;
  }

  async #table(name: string): Promise<Table> {
    const [texts, starts, ends, sums] = await Promise.all(
      ['texts', 'starts', 'ends', 'sums'].map((part) => this.#file.section(`${name}/${part}`)),
    );
    return {
      texts: texts ?? Buffer.alloc(0),
      starts: uint32s(starts),
      ends: float64s(ends),
      sums: uint32s(sums),
    };
  }

  async findInColumn(name: string | null, match: ColumnMatch, found: Bits, slice: TimeSlice): Promise<void> {
    for (const each of this.columnsNamed(name)) {
      const column = await this.column(each);
      for (const entry of entriesWith(column, match.piece, match.how)) {
        if (slice.over) await slice.rest();
        if (match.check !== null && !match.check(textAt(column, entry))) continue;
        const { from, to } = postingsAt(column, entry);
        addDocs(column.postings.subarray(from, to), found);
      }
    }
  }

  async findInBody(term: TokenTerm, slice: TimeSlice): Promise<Bits> {
    const found = new Bits(this.size);
    if (term.kind === 'inside') {
      const table = await this.tokens();
      const entries = await inSlices(entriesWith(table, term.text, 'contains'), slice);
      const { common, others } = splitCommon(table, entries, this.size);
      const add = (octets: Uint8Array): void => addBodyDocs(octets, found);
      for (const entry of common) {
        await this.#eachPostings(table, [entry], slice, add);
        if (found.count === this.size) return found;
      }
      await this.#eachPostings(table, others, slice, add);
    } else {
      for (const key of await this.#phrase(term.tokens, slice)) found.add(Math.floor(key / DOCUMENT));
    }
    return found;
  }

  async occurrences(term: TokenTerm, slice: TimeSlice): Promise<Float64Array> {
    if (term.kind === 'phrase') return this.#phrase(term.tokens, slice);
    const keys = new Keys();
    const table = await this.tokens();
    const entries = await inSlices(entriesWith(table, term.text, 'contains'), slice);
    await this.#eachPostings(table, entries, slice, (octets) => addKeys(octets, 0, keys));
    return keys.all.sort();
  }

  /** Returns the positions at which a phrase starts in the bodies, ascending. */
  async #phrase(tokens: readonly string[], slice: TimeSlice): Promise<Float64Array> {
    const table = await this.tokens();
    const places: PhrasePlace[] = [];
    for (const [offset, token] of tokens.entries()) {
      const match: TextMatch = offset === 0 ? 'ends' : offset === tokens.length - 1 ? 'starts' : 'equals';
      const entries = await inSlices(entriesWith(table, token, match), slice);
      if (entries.length === 0) return NO_KEYS;
      const octets = entries.reduce((sum, entry) => sum + lengthOf(table, entry), 0);
      places.push({ offset, entries, octets });
    }
    // The place of the phrase that has the rarest tokens is first: its positions are candidates for the phrase,
    // and only these candidates are looked up at the other places.
    places.sort((a, b) => a.octets - b.octets);
    const isFrequent = (places[0]?.octets ?? 0) > FREQUENT;
    return isFrequent ? this.#frequentPhrase(table, places, slice) : this.#rarePhrase(table, places, slice);
  }

  /**
   * Finds a phrase with a rare token: takes the positions of this token as candidates, and checks the other
   * tokens of the phrase at these positions only.
   */
  async #rarePhrase(table: Table, places: readonly PhrasePlace[], slice: TimeSlice): Promise<Float64Array> {
    let keys: Float64Array | undefined;
    for (const { offset, entries } of places) {
      const known: Float64Array | undefined = keys;
      if (known === undefined) {
        const all = new Keys();
        await this.#eachPostings(table, entries, slice, (octets) => addKeys(octets, offset, all));
        keys = entries.length > 1 ? all.all.sort() : all.all;
      } else {
        const marks = new Uint8Array(known.length);
        await this.#eachPostings(table, entries, slice, (octets) => markKeys(octets, offset, known, marks));
        keys = known.filter((_, at) => marks[at] === 1);
      }
      if (keys.length === 0) break;
    }
    return keys ?? NO_KEYS;
  }

  /**
   * Verifies the checksum of an entry's postings (list of documents), unless it was already verified since the
   * table was loaded.
   */
  #checkOnce(octets: Uint8Array, table: Table, entry: number): void {
    let checked = this.#checked.get(table);
    if (checked === undefined) this.#checked.set(table, (checked = new Bits(tableSize(table))));
    if (checked.has(entry)) return;
    checkPostings(octets, table, entry);
    checked.add(entry);
  }

  /**
   * Finds a phrase that consists only of frequent tokens. For each token, determines all possible starts of
   * the phrase, and returns those that are possible for every token.
   */
  async #frequentPhrase(
    table: Table,
    places: readonly PhrasePlace[],
    slice: TimeSlice,
  ): Promise<Float64Array> {
    const bases = basesOf(this.lengths);
    const size = bases.at(-1) ?? 0;
    let found: Bits | undefined;
    for (const { offset, entries } of places) {
      const here = new Bits(size);
      await this.#eachPostings(table, entries, slice, (octets) => addPositions(octets, offset, bases, here));
      found = found === undefined ? here : found.keepAll(here);
      if (slice.over) await slice.rest();
    }
    return found === undefined ? NO_KEYS : keysOf(found, bases);
  }

  /**
   * Reads the postings (lists of documents) of the given entries, verifies their checksums, and calls `use`
   * with the postings of each entry. The entries must be in ascending order.
   */
  async #eachPostings(
    table: Table,
    entries: readonly number[],
    slice: TimeSlice,
    use: (octets: Uint8Array) => void,
  ): Promise<void> {
    let decoded = 0;
    // While the search runs, other searches must not use the buffer.
    let space = this.#space ?? Buffer.alloc(0);
    this.#space = undefined;
    for (let first = 0; first < entries.length;) {
      const start = postingsAt(table, entries[first] ?? 0).from;
      let end = start;
      let after = first;
      for (; after < entries.length; after++) {
        const { from, to } = postingsAt(table, entries[after] ?? 0);
        if (after > first && (from - end > GAP || to - start > WINDOW)) break;
        end = to;
      }
      if (space.length < end - start) space = octetBuffer(Math.max(end - start, 2 * space.length));
      const octets = await this.postings(start, end, space);
      for (const entry of entries.slice(first, after)) {
        const { from, to } = postingsAt(table, entry);
        const own = octets.subarray(from - start, to - start);
        this.#checkOnce(own, table, entry);
        use(own);
        decoded += own.length;
        if (decoded < STEP) continue;
        decoded = 0;
        if (slice.over) await slice.rest();
      }
      first = after;
    }
    if (space.length <= WINDOW) this.#space = space;
  }
}

/** Throws `DamagedSegment` if the checksum of an entry's postings (list of documents) is wrong. */
export function checkPostings(octets: Uint8Array, table: Table, entry: number): void {
  if (crc32(octets) === table.sums[entry]) return;
  throw new DamagedSegment(`the postings of “${textAt(table, entry)}” are damaged`);
}

const lengthOf = (table: Table, entry: number): number => {
  const { from, to } = postingsAt(table, entry);
  return to - from;
};

/** The size in octets of the largest element that a typed array of a table can have. */
const ELEMENT = 8;

/**
 * Returns octets that a typed array can use: the given octets, or a copy of them if their offset in the underlying
 * buffer is not a multiple of the size of an element.
 */
const aligned = (octets: Buffer | undefined): Uint8Array =>
  octets === undefined || octets.byteOffset % ELEMENT === 0
    ? (octets ?? new Uint8Array(0))
    : Uint8Array.from(octets);

const uint32s = (octets: Buffer | undefined): Uint32Array => {
  const { buffer, byteOffset, byteLength } = aligned(octets);
  return new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
};

const float64s = (octets: Buffer | undefined): Float64Array => {
  const { buffer, byteOffset, byteLength } = aligned(octets);
  return new Float64Array(buffer, byteOffset, byteLength / Float64Array.BYTES_PER_ELEMENT);
};

async function inSlices(numbers: Iterable<number>, slice: TimeSlice): Promise<readonly number[]> {
  const all: number[] = [];
  for (const number of numbers) {
    all.push(number);
    if (slice.over) await slice.rest();
  }
  return all;
}

/**
 * Divides the entries of a table into common entries, which occur in many documents, and other entries. The common
 * entries are sorted, the most frequent one first. They often cover all documents; in this case the other entries need
 * not be read.
 */
function splitCommon(
  table: Table,
  entries: readonly number[],
  documents: number,
): { readonly common: readonly number[]; readonly others: readonly number[] } {
  const isCommon = (entry: number): boolean => lengthOf(table, entry) > documents / COMMON;
  const common = entries.filter(isCommon).sort((a, b) => lengthOf(table, b) - lengthOf(table, a));
  return { common, others: entries.filter((entry) => !isCommon(entry)) };
}

/** Decodes the postings (the list of documents) of one text of a column, and adds the documents to `found`. */
function addDocs(octets: Uint8Array, found: Bits): void {
  const reader = new OctetReader(octets);
  for (let doc = -1; !reader.isAtEnd;) found.add((doc += reader.number()));
}

/** Decodes the postings (list of positions) of one token, and adds the documents that contain it to `found`. */
function addBodyDocs(octets: Uint8Array, found: Bits): void {
  const reader = new OctetReader(octets);
  for (let doc = -1; !reader.isAtEnd;) {
    const head = reader.number();
    found.add((doc += head >>> 1));
    if ((head & 1) === 1) reader.number();
    else reader.at = reader.number() + reader.at;
  }
}

/**
 * Decodes the postings (list of positions) of a token in a phrase. For each position of the token, adds the
 * start of the phrase to `keys`: the position minus the offset of the token in the phrase.
 */
function addKeys(octets: Uint8Array, offset: number, keys: Keys): void {
  const reader = new OctetReader(octets);
  for (let doc = -1; !reader.isAtEnd;) {
    const head = reader.number();
    doc += head >>> 1;
    const base = doc * DOCUMENT - offset;
    if ((head & 1) === 1) {
      const position = reader.number();
      if (position >= offset) keys.add(base + position);
      continue;
    }
    const length = reader.number();
    for (let position = 0, end = reader.at + length; reader.at < end;) {
      position += reader.number();
      if (position >= offset) keys.add(base + position);
    }
  }
}

/**
 * Returns, by document number, the number of token positions in all documents before the document. The last
 * element is the total number of positions.
 */
function basesOf(lengths: Uint32Array): Uint32Array {
  const bases = new Uint32Array(lengths.length + 1);
  let base = 0;
  lengths.forEach((length, doc) => {
    base += length;
    bases[doc + 1] = base;
  });
  return bases;
}

/**
 * Decodes the postings (list of positions) of a token in a phrase. For each position of the token, adds the
 * start of the phrase to `starts`. Starts are numbered consecutively through all documents (see `basesOf`).
 */
function addPositions(octets: Uint8Array, offset: number, bases: Uint32Array, starts: Bits): void {
  const reader = new OctetReader(octets);
  for (let doc = -1; !reader.isAtEnd;) {
    const head = reader.number();
    doc += head >>> 1;
    const base = (bases[doc] ?? 0) - offset;
    if ((head & 1) === 1) {
      const position = reader.number();
      if (position >= offset) starts.add(base + position);
      continue;
    }
    const length = reader.number();
    for (let position = 0, end = reader.at + length; reader.at < end;) {
      position += reader.number();
      if (position >= offset) starts.add(base + position);
    }
  }
}

/**
 * Converts positions that are numbered consecutively through all documents to keys (document × `DOCUMENT` +
 * position).
 */
function keysOf(positions: Bits, bases: Uint32Array): Float64Array {
  const keys = new Keys();
  let doc = 0;
  for (const position of positions) {
    while ((bases[doc + 1] ?? Infinity) <= position) doc++;
    keys.add(doc * DOCUMENT + position - (bases[doc] ?? 0));
  }
  return keys.all;
}

/**
 * Searches the ascending `keys` from the index `at`, and returns the index of the first element that is not
 * less than `key`.
 */
function firstFrom(keys: Float64Array, at: number, key: number): number {
  let low = at;
  let step = 1;
  while (low + step < keys.length && (keys[low + step] ?? 0) < key) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, keys.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Decodes the postings (list of positions) of a token in a phrase. `keys` are possible starts of the phrase;
 * sets the element of `marks` to 1 for each start after which the token occurs at the distance `offset`.
 */
function markKeys(octets: Uint8Array, offset: number, keys: Float64Array, marks: Uint8Array): void {
  const reader = new OctetReader(octets);
  let at = 0;
  for (let doc = -1; !reader.isAtEnd && at < keys.length;) {
    const head = reader.number();
    doc += head >>> 1;
    const start = doc * DOCUMENT;
    at = firstFrom(keys, at, start);
    const isSingle = (head & 1) === 1;
    const length = isSingle ? 0 : reader.number();
    if ((keys[at] ?? Infinity) >= start + DOCUMENT) {
      if (isSingle) reader.number();
      else reader.at += length;
      continue;
    }
    const end = reader.at + length;
    let position = 0;
    do {
      position += reader.number();
      const key = start + position - offset;
      at = firstFrom(keys, at, key);
      if (keys[at] === key) marks[at] = 1;
    } while (reader.at < end);
  }
}
