/**
 * What was seen in a document, as words like `element:table`, `property:gap` or `media:hover`: the vocabulary between
 * those who read (HTML, CSS) and the table that tells which words make a feature.
 */

/** A place in the document's text, and what stands there. */
export interface Sighting {
  /** Index in the HTML, in UTF-16 units. */
  readonly index: number;
  /** How often it was seen. */
  readonly count: number;
}

export class Observations {
  readonly #seen = new Map<string, { index: number; count: number }>();

  /** Notes a word; the first place is kept. */
  see(word: string, index: number): void {
    const known = this.#seen.get(word);
    if (known === undefined) this.#seen.set(word, { index, count: 1 });
    else {
      known.count++;
      known.index = Math.min(known.index, index);
    }
  }

  /** Where any of these words was first seen, and how often they were seen together. */
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
