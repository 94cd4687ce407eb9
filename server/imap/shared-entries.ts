/**
 * The messages of a view by index: an array that every view of the mailbox shares, and what this one has otherwise.
 * Sessions that idle on a mailbox are many and see mostly the same; each holds its own differences alone.
 *
 * Invariant: the shared array is never written to.
 */

/** Of so many shared entries one may differ; with more, an array of one's own is the smaller. */
const SHARED_PER_CHANGED = 8;

export class SharedEntries<T> {
  #shared: readonly T[];
  /** What stands in place of shared entries, by index. */
  readonly #changed = new Map<number, T>();
  /** What came after the shared ones. */
  #added: T[] = [];

  constructor(shared: readonly T[] = []) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#shared.length + this.#added.length;
  }

  /** The entry at an index; `undefined` outside. */
  at(index: number): T | undefined {
    const { length } = this.#shared;
    if (index >= length) return this.#added[index - length];
    if (this.#changed.size === 0) return this.#shared[index];
    return this.#changed.get(index) ?? this.#shared[index];
  }

  /** Puts an entry in place of the one at an index, which has to be there. */
  set(index: number, entry: T): void {
    const { length } = this.#shared;
    if (index >= length) {
      this.#added[index - length] = entry;
      return;
    }
    this.#changed.set(index, entry);
    if (this.#changed.size * SHARED_PER_CHANGED > length) this.keep(() => true);
  }

  push(entry: T): void {
    this.#added.push(entry);
  }

  /** Drops all entries but those wanted; nothing is shared from here on. */
  keep(wanted: (entry: T) => boolean): void {
    this.#shared = [...this].filter(wanted);
    this.#changed.clear();
    this.#added = [];
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.#shared.length; index++) {
      yield this.#changed.get(index) ?? (this.#shared[index] as T);
    }
    yield* this.#added;
  }
}
