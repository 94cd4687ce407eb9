/**
 * A list ordered by a numeric key and stored in chunks. Appending takes constant time; any other change takes
 * O(log n + chunk size). No operation moves the whole list, because a mailbox may contain 100,000 messages:
 * UIDs are added at its end, but removed at any position.
 */

/**
 * Maximum number of items in a chunk. It is small enough for a fast `splice`, and large enough for a small
 * number of chunks.
 */
const CHUNK = 512;

const NOTHING: never[] = [];

export class OrderedList<T> {
  readonly #key: (item: T) => number;
  /**
   * Chunks of items. The first chunk is created with the first item, and no space is reserved in it, because
   * in a load test most accounts receive a single message.
   */
  #chunks: T[][] = NOTHING;
  #size = 0;
  /**
   * The array that `toArray` returned last, if the list has not changed since and a caller still references the
   * array.
   */
  #array: WeakRef<readonly T[]> | null = null;

  constructor(key: (item: T) => number) {
    this.#key = key;
  }

  get size(): number {
    return this.#size;
  }

  first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  last(): T | undefined {
    return this.#chunks.at(-1)?.at(-1);
  }

  get(key: number): T | undefined {
    const [chunk, index] = this.#locate(key);
    const item = chunk?.[index];
    return item !== undefined && this.#key(item) === key ? item : undefined;
  }

  /** Returns the number of items whose key is at or above `key`. */
  countFrom(key: number): number {
    const [chunk, index, at] = this.#locate(key);
    if (chunk === undefined) return 0;
    return this.#chunks.slice(at + 1).reduce((sum, { length }) => sum + length, chunk.length - index);
  }

  /** Adds an item, or replaces the item with the same key. */
  set(item: T): void {
    this.#array = null;
    const key = this.#key(item);
    const last = this.#chunks.at(-1);
    if (last === undefined || this.#key(last.at(-1) as T) < key) {
      if (last === undefined) this.#chunks = [[item]];
      else if (last.length >= CHUNK) this.#chunks.push([item]);
      else last.push(item);
      this.#size++;
      return;
    }
    const [chunk, index, at] = this.#locate(key);
    if (chunk === undefined) throw new RangeError('no chunk for a key below the last');
    const found = chunk[index];
    if (found !== undefined && this.#key(found) === key) {
      chunk[index] = item;
      return;
    }
    chunk.splice(index, 0, item);
    this.#size++;
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK >> 1));
  }

  /** Removes and returns the item with the given key; `undefined` if there is none. */
  delete(key: number): T | undefined {
    const [chunk, index, at] = this.#locate(key);
    const item = chunk?.[index];
    if (chunk === undefined || item === undefined || this.#key(item) !== key) return undefined;
    this.#array = null;
    if (chunk.length === 1) this.#chunks.splice(at, 1);
    else chunk.splice(index, 1);
    this.#size--;
    return item;
  }

  /**
   * Returns all items. While the list is unchanged, returns the same array again, so that many callers share the
   * memory.
   */
  toArray(): readonly T[] {
    const before = this.#array?.deref();
    if (before !== undefined) return before;
    // `concat` copies whole chunks and is faster than `flat`, which visits every item.
    const array = ([] as T[]).concat(...this.#chunks);
    this.#array = new WeakRef(array);
    return array;
  }

  /**
   * Returns the next items whose keys are greater than `above`, at most one chunk. To continue, a caller
   * passes the key of the last returned item. The list may change between the calls.
   */
  next(above: number): readonly T[] {
    const [chunk, from, at] = this.#locate(above);
    if (chunk === undefined) return [];
    const found = chunk[from];
    const first = found !== undefined && this.#key(found) === above ? from + 1 : from;
    return first < chunk.length ? chunk.slice(first) : (this.#chunks[at + 1]?.slice() ?? []);
  }

  /** Iterates over items whose key is above `above`, ascending. The list must not change during the iteration. */
  *ascending(above = -Infinity): Generator<T> {
    const [, from, at] = this.#locate(above);
    for (let c = at; c < this.#chunks.length; c++) {
      const chunk = this.#chunks[c] ?? [];
      for (let i = c === at ? from : 0; i < chunk.length; i++) {
        const item = chunk[i] as T;
        if (this.#key(item) > above) yield item;
      }
    }
  }

  /** Iterates over items whose key is below `below`, descending. The list must not change during the iteration. */
  *descending(below = Infinity): Generator<T> {
    const [, from, at] = this.#locate(below);
    for (let c = Math.min(at, this.#chunks.length - 1); c >= 0; c--) {
      const chunk = this.#chunks[c] ?? [];
      for (let i = c === at ? Math.min(from, chunk.length - 1) : chunk.length - 1; i >= 0; i--) {
        const item = chunk[i] as T;
        if (this.#key(item) < below) yield item;
      }
    }
  }

  /**
   * Returns the chunk that contains `key`, or to which it would have to be added; also the index of `key` in
   * this chunk, and the index of the chunk.
   */
  #locate(key: number): [chunk: T[] | undefined, index: number, at: number] {
    const at = this.#search(this.#chunks, (chunk) => this.#key(chunk.at(-1) as T) < key);
    const chunk = this.#chunks[at];
    return [chunk, chunk === undefined ? 0 : this.#search(chunk, (item) => this.#key(item) < key), at];
  }

  /** Returns the index of the first element for which `before` returns false (binary search). */
  #search<E>(list: readonly E[], before: (element: E) => boolean): number {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(list[middle] as E)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
