/**
 * A segment is a part of the search index: it contains the texts of some documents (messages), which are numbered
 * from 0.
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Bits } from './bits.ts';
import type { IndexedFacts } from './document.ts';
import type { TextMatch } from './table.ts';
import type { TokenTerm } from './tokens.ts';

/** Factor that combines a document number and a token position into one number: document × `DOCUMENT` + position. */
export const DOCUMENT = 2 ** 22;

/** The condition under which a text of a column matches a search term. */
export interface ColumnMatch {
  /** A piece that every matching text contains, at the place that `how` names. */
  readonly piece: string;
  readonly how: TextMatch;
  /** Tests whether a text that contains `piece` matches; `null` if every text that contains `piece` matches. */
  readonly check: ((text: string) => boolean) | null;
  /** Tests whether any text matches, without a previous search for `piece`. */
  readonly test: (text: string) => boolean;
}

export interface Segment {
  /** Number of documents in the segment. */
  readonly size: number;
  /** Documents whose body is only partly represented by the indexed tokens. */
  readonly partial: Bits;
  /** Returns the documents whose body contains a term. */
  findInBody(term: TokenTerm, slice: TimeSlice): Promise<Bits>;
  /** Returns the positions at which a term starts in the bodies, ascending, as described at `DOCUMENT`. */
  occurrences(term: TokenTerm, slice: TimeSlice): Promise<Float64Array>;
  /**
   * Adds to `found` the documents that have a matching text in a column; the column `null` stands for the columns
   * of all header fields. A column that does not exist has no texts.
   */
  findInColumn(name: string | null, match: ColumnMatch, found: Bits, slice: TimeSlice): Promise<void>;
  withFact(fact: keyof IndexedFacts): Bits;
}

/** A list of numbers in a typed array that is enlarged when it is full. */
export class Keys {
  #keys = new Float64Array(256);
  #length = 0;

  add(key: number): void {
    if (this.#length === this.#keys.length) {
      const grown = new Float64Array(this.#length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys[this.#length++] = key;
  }

  get all(): Float64Array {
    return this.#keys.subarray(0, this.#length);
  }
}
