/**
 * The messages of a view by index: an array that every view of the mailbox shares, and what this one has otherwise.
 * Sessions that idle on a mailbox are many and see mostly the same; each holds its own differences alone. A view that
 * differs much, or whose messages leave, has entries of its own in chunks: a removal costs what leaves and the chunks it
 * touches, never the whole mailbox.
 *
 * Invariant: the shared array is never written to.
 */

/** Of so many shared entries one may differ; with more, entries of one's own are the smaller. */
const SHARED_PER_CHANGED = 8;
/** Entries of a chunk. */
const CHUNK = 512;

export class SharedEntries<T> {
  #shared: readonly T[];
  /** What stands in place of shared entries, by index. */
  readonly #changed = new Map<number, T>();
  /** What came after the shared ones, as long as nothing is owned. */
  #added: T[] = [];
  /** Entries of its own, none of them shared; `null` until they are needed. */
  #own: Chunks<T> | null = null;

  constructor(shared: readonly T[] = []) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#own?.size ?? this.#shared.length + this.#added.length;
  }

  /** The entry at an index; `undefined` outside. */
  at(index: number): T | undefined {
    if (this.#own !== null) return this.#own.at(index);
    const { length } = this.#shared;
    if (index >= length) return this.#added[index - length];
    if (this.#changed.size === 0) return this.#shared[index];
    return this.#changed.get(index) ?? this.#shared[index];
  }

  /** Puts an entry in place of the one at an index, which has to be there. */
  set(index: number, entry: T): void {
    const { length } = this.#shared;
    if (this.#own !== null) {
      this.#own.set(index, entry);
    } else if (index >= length) {
      this.#added[index - length] = entry;
    } else {
      this.#changed.set(index, entry);
      if (this.#changed.size * SHARED_PER_CHANGED > length) this.#takeOver();
    }
  }

  push(entry: T): void {
    if (this.#own === null) this.#added.push(entry);
    else this.#own.push(entry);
  }

  /**
   * Takes out the entries with these keys.
   *
   * @param keys ascending; those that no entry has are passed over
   * @param keyOf ascending over the entries
   * @returns the indexes that the entries had before, ascending
   */
  remove(keys: readonly number[], keyOf: (entry: T) => number): number[] {
    return (this.#own ?? this.#takeOver()).remove(keys, keyOf);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.size; index++) yield this.at(index) as T;
  }

  #takeOver(): Chunks<T> {
    const own = new Chunks<T>();
    for (const entry of this) own.push(entry);
    this.#own = own;
    this.#shared = [];
    this.#changed.clear();
    this.#added = [];
    return own;
  }
}

class Chunks<T> {
  #chunks: T[][] = [];
  /** Index of the first entry of each chunk. */
  #starts: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(index: number): T | undefined {
    if (index < 0 || index >= this.#size) return undefined;
    const chunk = this.#chunkOf(index);
    return this.#chunks[chunk]?.[index - (this.#starts[chunk] ?? 0)];
  }

  set(index: number, entry: T): void {
    const chunk = this.#chunkOf(index);
    const entries = this.#chunks[chunk];
    if (entries !== undefined) entries[index - (this.#starts[chunk] ?? 0)] = entry;
  }

  push(entry: T): void {
    const last = this.#chunks.at(-1);
    if (last === undefined || last.length >= CHUNK) {
      this.#chunks.push([entry]);
      this.#starts.push(this.#size);
    } else {
      last.push(entry);
    }
    this.#size++;
  }

  remove(keys: readonly number[], keyOf: (entry: T) => number): number[] {
    const removed: number[] = [];
    const chunks: T[][] = [];
    let next = 0;
    for (const [at, chunk] of this.#chunks.entries()) {
      const last = keyOf(chunk.at(-1) as T);
      if ((keys[next] ?? Infinity) > last) {
        chunks.push(chunk);
        continue;
      }
      const start = this.#starts[at] ?? 0;
      const left = chunk.filter((entry, index) => {
        const key = keyOf(entry);
        while ((keys[next] ?? Infinity) < key) next++;
        if (keys[next] !== key) return true;
        removed.push(start + index);
        return false;
      });
      if (left.length > 0) chunks.push(left);
      while ((keys[next] ?? Infinity) <= last) next++;
    }
    this.#chunks = chunks;
    this.#count();
    return removed;
  }

  #count(): void {
    this.#size = 0;
    this.#starts = this.#chunks.map(({ length }) => {
      const start = this.#size;
      this.#size += length;
      return start;
    });
  }

  /** The chunk that holds an index. */
  #chunkOf(index: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
