/**
 * Items ascending by a numeric key, in chunks: adding at the end is O(1), anything else O(log n + chunk), and no
 * operation moves the whole list. UIDs come and go at both ends and in the middle of mailboxes of 100,000.
 */

/** Items per chunk: small enough that a splice is cheap, large enough that there are few chunks. */
const CHUNK = 512;

const NOTHING: never[] = [];

export class OrderedList<T> {
  readonly #key: (item: T) => number;
  /** Made by the first item, and no larger than it: most accounts of a load test get one message. */
  #chunks: T[][] = NOTHING;
  #size = 0;
  /** The last array that was made of all, as long as it is true and somebody has it. */
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

  /** How many items have a key at or above `key`. */
  countFrom(key: number): number {
    const [chunk, index, at] = this.#locate(key);
    if (chunk === undefined) return 0;
    return this.#chunks.slice(at + 1).reduce((sum, { length }) => sum + length, chunk.length - index);
  }

  /** Adds an item; one with the same key is replaced. */
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

  /** Removes and returns the item with that key. */
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

  /** All items; the same array as before while nothing has changed, so that many may hold it at the price of one. */
  toArray(): readonly T[] {
    const before = this.#array?.deref();
    if (before !== undefined) return before;
    // Copies whole chunks; `flat` would look at every item.
    const array = ([] as T[]).concat(...this.#chunks);
    this.#array = new WeakRef(array);
    return array;
  }

  /** The next items whose key is above `above`, a chunk at most: to go on from their last, whatever changed meanwhile. */
  next(above: number): readonly T[] {
    const [chunk, from, at] = this.#locate(above);
    if (chunk === undefined) return [];
    const found = chunk[from];
    const first = found !== undefined && this.#key(found) === above ? from + 1 : from;
    return first < chunk.length ? chunk.slice(first) : (this.#chunks[at + 1]?.slice() ?? []);
  }

  /** Items whose key is above `above`, ascending. The list must not change meanwhile. */
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

  /** Items whose key is below `below`, descending. The list must not change meanwhile. */
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

  /** The chunk and index where `key` is or would be, and the chunk's place. */
  #locate(key: number): [chunk: T[] | undefined, index: number, at: number] {
    const at = this.#search(this.#chunks, (chunk) => this.#key(chunk.at(-1) as T) < key);
    const chunk = this.#chunks[at];
    return [chunk, chunk === undefined ? 0 : this.#search(chunk, (item) => this.#key(item) < key), at];
  }

  /** Index of the first element that is not before. */
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
