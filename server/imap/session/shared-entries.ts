/**
 * The messages of a session's view by index: an array that all views of the mailbox share, and the differences
 * of this view. Many sessions that idle on one mailbox have almost equal views, so each view stores only its
 * differences. A view with many differences, or with removed messages, copies its entries into chunks. The cost
 * of a removal depends on the number of removed entries and of changed chunks, not on the size of the mailbox.
 *
 * Invariant: the shared array is never changed.
 */

/**
 * A view uses the shared array as long as at most one of every `SHARED_PER_CHANGED` entries differs from it; with
 * more differences, a copy needs less memory.
 */
const SHARED_PER_CHANGED = 8;
/** Maximum number of entries in a chunk. */
const CHUNK = 512;

export class SharedEntries<T> {
  #shared: readonly T[];
  /** Entries that differ from the shared array, by index. */
  readonly #changed = new Map<number, T>();
  /** Entries after the end of the shared array; used while the view has no copy of its own. */
  #added: T[] = [];
  /** The view's own copy of all entries; `null` while the view uses the shared array. */
  #own: Chunks<T> | null = null;

  constructor(shared: readonly T[] = []) {
    this.#shared = shared;
  }

  get size(): number {
    return this.#own?.size ?? this.#shared.length + this.#added.length;
  }

  /** Returns the entry at an index; `undefined` if there is none. */
  at(index: number): T | undefined {
    if (this.#own !== null) return this.#own.at(index);
    const { length } = this.#shared;
    if (index >= length) return this.#added[index - length];
    if (this.#changed.size === 0) return this.#shared[index];
    return this.#changed.get(index) ?? this.#shared[index];
  }

  /** Replaces the entry at an index, which must exist. */
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
   * Removes the entries that have one of the given keys.
   *
   * @param keys ascending; keys without an entry are ignored
   * @param keyOf returns the key of an entry; keys ascend with the index
   * @returns the indexes of the entries before the removal, ascending
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
  /** Index of the first entry of each chunk, by the number of the chunk. */
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

  /** Returns the number of the chunk that contains an index. */
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
