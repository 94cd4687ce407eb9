/** A part of the index: a number of documents, which are numbered from 0, with their texts. */
import type { TimeSlice } from '../../../async/time-slice.ts';
import type { Bits } from './bits.ts';
import type { IndexedFacts } from './document.ts';
import type { TextMatch } from './table.ts';
import type { TokenTerm } from './tokens.ts';

/** A position in the tokens of a document is one number: the document × this + the position. */
export const DOCUMENT = 2 ** 22;

/** Which texts of a column match a term. */
export interface ColumnMatch {
  /** A piece of text that each matching text contains, in the given way. */
  readonly piece: string;
  readonly how: TextMatch;
  /** Whether a text matches; `null` if each text that contains the piece matches. */
  readonly check: ((text: string) => boolean) | null;
  /** Whether a text matches, whether or not it contains the piece. */
  readonly test: (text: string) => boolean;
}

export interface Segment {
  /** Number of documents. */
  readonly size: number;
  /** Documents of which the tokens do not represent the whole text. */
  readonly partial: Bits;
  /** Returns the documents whose body contains a term. */
  findInBody(term: TokenTerm, slice: TimeSlice): Promise<Bits>;
  /** Returns the positions at which a term starts in the bodies, ascending, as described at `DOCUMENT`. */
  occurrences(term: TokenTerm, slice: TimeSlice): Promise<Float64Array>;
  /**
   * Adds the documents with a matching text in a column to `found`. `null` means the columns of all header fields. A
   * column that does not exist has no texts.
   */
  findInColumn(name: string | null, match: ColumnMatch, found: Bits, slice: TimeSlice): Promise<void>;
  withFact(fact: keyof IndexedFacts): Bits;
}

/** A growing list of numbers. */
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
