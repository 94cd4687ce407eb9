/**
 * A segment is a part of the search index: it contains the texts of some documents (messages), which are numbered
 * from 0.
 */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Bits } from './bits.ts';
import type { IndexedFacts } from './document.ts';
import { float64Array } from './large-buffer.ts';
import type { TextMatch } from './table.ts';
import type { TokenTerm } from './tokens.ts';

/**
 * Factor by which a document number and a token position are combined into one number, a key: document ×
 * `DOCUMENT` + position.
 */
export const DOCUMENT = 2 ** 22;

/** The condition under which a text of a column (a short text, such as a subject) matches a search term. */
export interface ColumnMatch {
  /**
   * A string that a text of the column must contain in order to match; `how` states where the text must contain
   * the string (e.g. at the start).
   */
  readonly piece: string;
  readonly how: TextMatch;
  /** Returns whether a text that contains `piece` matches the search term; `null` if every such text matches. */
  readonly check: ((text: string) => boolean) | null;
  /** Returns whether a text of the column matches the search term. The text need not contain `piece`. */
  readonly test: (text: string) => boolean;
}

export interface Segment {
  /** Number of documents in the segment. */
  readonly size: number;
  /** Documents whose body is only partly represented by the indexed tokens. */
  readonly partial: Bits;
  /** Returns the documents whose body contains the term. */
  findInBody(term: TokenTerm, slice: TimeSlice): Promise<Bits>;
  /**
   * Returns the positions in the bodies at which the term starts, ascending. Each is a number that contains
   * document and position (see `DOCUMENT`).
   */
  occurrences(term: TokenTerm, slice: TimeSlice): Promise<Float64Array>;
  /**
   * Adds to `found` the documents that have a matching text in the column `name`. The name `null` stands for
   * the columns of all header fields. If the column does not exist, nothing is added.
   */
  findInColumn(name: string | null, match: ColumnMatch, found: Bits, slice: TimeSlice): Promise<void>;
  withFact(fact: keyof IndexedFacts): Bits;
}

/** A list of numbers in a typed array that is enlarged when it is full. */
export class Keys {
  #keys = float64Array(256);
  #length = 0;

  add(key: number): void {
    if (this.#length === this.#keys.length) {
      const grown = float64Array(this.#length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys[this.#length++] = key;
  }

  get all(): Float64Array {
    return this.#keys.subarray(0, this.#length);
  }
}
