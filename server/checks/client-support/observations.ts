/**
 * Collects the features that a document uses, as words like `element:table`, `property:gap` or `media:hover`.
 * The modules that parse HTML and CSS add the words; `feature-words.ts` maps the words to features of Can I
 * email.
 */

/**
 * The position of the first use of a feature's word, such as `element:table`, in a document, and the number of
 * its uses.
 */
export interface Sighting {
  /** The index of the first use of the feature in the HTML, in UTF-16 units. */
  readonly index: number;
  /** The number of uses of the feature's word in the document. */
  readonly count: number;
}

export class Observations {
  readonly #seen = new Map<string, { index: number; count: number }>();

  /**
   * Records the use of a feature's word, such as `element:table`, at an index in the document. The lowest index
   * of each word is stored.
   */
  see(word: string, index: number): void {
    const known = this.#seen.get(word);
    if (known === undefined) this.#seen.set(word, { index, count: 1 });
    else {
      known.count++;
      known.index = Math.min(known.index, index);
    }
  }

  /**
   * Returns the first use of any of the given feature words, and the total number of their uses; `undefined` if
   * none of them is used.
   */
  find(words: readonly string[]): Sighting | undefined {
    let index = Infinity;
    let count = 0;
    for (const word of words) {
      const seen = this.#seen.get(word);
      if (seen === undefined) continue;
      index = Math.min(index, seen.index);
      count += seen.count;
    }
    return count === 0 ? undefined : { index, count };
  }

  words(): string[] {
    return [...this.#seen.keys()];
  }
}
