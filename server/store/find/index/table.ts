/**
 * A sorted table of texts, with the postings of each text: octets that list the documents that contain the
 * text. All texts are in one buffer, separated by line feeds. One native substring search in this buffer
 * finds all texts that contain a term.
 */
import { crc32 } from 'node:zlib';
import type { TimeSlice } from '../../../async/time-slice.ts';
import { float64Array, uint32Array } from './large-buffer.ts';
import { OctetWriter } from './octets.ts';

/** An entry of a table: a text, and the postings that list its documents. */
export interface TableEntry {
  readonly text: string;
  readonly postings: Uint8Array;
}

/**
 * A table of texts. It does not contain the postings (for each text, the list of documents that contain it),
 * which may stay on the disk.
 */
export interface Table {
  /** All texts of the table in UTF-8, with a line feed before the first text and after each text. */
  readonly texts: Buffer;
  /**
   * For each text, the offset in `texts` at which the text starts; the last element is the length of `texts`.
   */
  readonly starts: Uint32Array;
  /**
   * For each text, the offset after the last octet of its postings (list of documents), counted from the start
   * of all postings.
   */
  readonly ends: Float64Array;
  /** For each text, the CRC-32 of its postings (list of documents). */
  readonly sums: Uint32Array;
}

/**
 * Minimum size in octets of each piece in which postings (lists of documents) are yielded; the last piece may
 * be smaller.
 */
const PIECE = 1 << 16;

/** Collects the arrays of a `Table` while the postings (lists of documents) of the table are written. */
export class TableWriter {
  readonly #texts = new OctetWriter(1 << 12);
  readonly #starts = new Numbers(uint32Array);
  readonly #ends = new Numbers(float64Array);
  readonly #sums = new Numbers(uint32Array);
  #end = 0;

  constructor() {
    this.#texts.text('\n');
  }

  /**
   * Yields the postings (lists of documents) of the entries in pieces. The entries must be ascending by text (UTF-16
   * units). Each piece is valid until the next piece is requested: all pieces share one buffer, so that writing a
   * segment leaves no garbage outside the JavaScript heap, which V8 collects late.
   */
  async *write(
    entries: Iterable<TableEntry> | AsyncIterable<TableEntry>,
    slice: TimeSlice,
  ): AsyncGenerator<Buffer, void, void> {
    const piece = new OctetWriter(PIECE);
    for await (const { text, postings } of entries) {
      if (slice.over) await slice.rest();
      this.#starts.add(this.#texts.length);
      this.#texts.text(text);
      this.#texts.text('\n');
      piece.append(postings);
      this.#end += postings.length;
      this.#ends.add(this.#end);
      this.#sums.add(crc32(postings));
      if (piece.length < PIECE) continue;
      yield piece.octets;
      piece.clear();
    }
    if (piece.length > 0) yield piece.octets;
  }

  /**
   * Ends the table and returns it, with all entries whose postings (lists of documents) were written. Its arrays
   * are views of the arrays of this writer, which must not be used any more.
   */
  end(): Table {
    this.#starts.add(this.#texts.length);
    return {
      texts: this.#texts.octets,
      starts: this.#starts.values,
      ends: this.#ends.values,
      sums: this.#sums.values,
    };
  }
}

/** A list of numbers in a typed array that is enlarged when it is full. */
class Numbers<A extends Uint32Array | Float64Array> {
  readonly #create: (length: number) => A;
  #array: A;
  #length = 0;

  /** @param create creates an array with the given length */
  constructor(create: (length: number) => A) {
    this.#create = create;
    this.#array = create(64);
  }

  add(value: number): void {
    if (this.#length === this.#array.length) {
      const grown = this.#create(this.#length * 2);
      grown.set(this.#array);
      this.#array = grown;
    }
    this.#array[this.#length++] = value;
  }

  get values(): A {
    return this.#array.subarray(0, this.#length) as A;
  }
}

export const tableSize = (table: Table): number => table.ends.length;

export const textAt = ({ texts, starts }: Table, entry: number): string =>
  texts.toString('utf8', starts[entry], (starts[entry + 1] ?? 0) - 1);

/**
 * The place at which a text of a table must contain a search term; with `equals`, the text must be equal to
 * the term.
 */
export type TextMatch = 'contains' | 'starts' | 'ends' | 'equals';

function needleOf(term: string, match: TextMatch): Buffer {
  const before = match === 'starts' || match === 'equals' ? '\n' : '';
  const after = match === 'ends' || match === 'equals' ? '\n' : '';
  return Buffer.from(before + term + after);
}

/**
 * Iterates over the indices of the entries whose text matches a term, ascending. The term must not contain a line
 * feed.
 */
export function* entriesWith(table: Table, term: string, match: TextMatch): Generator<number> {
  const needle = needleOf(term, match);
  const shift = match === 'starts' || match === 'equals' ? 1 : 0;
  const { texts, starts } = table;
  let entry = 0;
  for (let from = 0; ;) {
    const hit = texts.indexOf(needle, from);
    if (hit === -1 || hit + shift >= texts.length) return;
    entry = entryAt(starts, hit + shift, entry);
    yield entry;
    // The search continues at the line feed before the next text, because the octets that are searched may
    // begin with a line feed.
    from = (starts[entry + 1] ?? 0) - 1;
  }
}

/**
 * Returns the index of the entry whose text contains `position`. The position must not be before the text of the
 * entry `from`.
 */
function entryAt(starts: Uint32Array, position: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < starts.length && (starts[low + step] ?? Infinity) <= position) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, starts.length - 1);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? Infinity) <= position) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Returns where the postings (the list of documents) of an entry start and end, in octets from the start of all
 * postings.
 */
export const postingsAt = ({ ends }: Table, entry: number): { from: number; to: number } => ({
  from: entry === 0 ? 0 : (ends[entry - 1] ?? 0),
  to: ends[entry] ?? 0,
});
