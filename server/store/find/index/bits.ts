/** A set of small non-negative integers, stored as one bit for each integer. */

export class Bits {
  #words: Uint32Array;

  /**
   * Creates an empty set.
   * @param size initial capacity: numbers below it can be added without allocating more memory
   */
  constructor(size = 0) {
    this.#words = new Uint32Array(Math.ceil(size / 32));
  }

  static from(numbers: Iterable<number>, size = 0): Bits {
    const bits = new Bits(size);
    for (const number of numbers) bits.add(number);
    return bits;
  }

  add(number: number): void {
    const at = number >>> 5;
    if (at >= this.#words.length) this.#grow(at + 1);
    this.#words[at] = (this.#words[at] ?? 0) | (1 << (number & 31));
  }

  delete(number: number): void {
    const at = number >>> 5;
    if (at < this.#words.length) this.#words[at] = (this.#words[at] ?? 0) & ~(1 << (number & 31));
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  /** Number of elements in the set. */
  get count(): number {
    let count = 0;
    for (const word of this.#words) count += ones(word);
    return count;
  }

  get isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  copy(): Bits {
    const bits = new Bits();
    bits.#words = this.#words.slice();
    return bits;
  }

  /** Adds the elements of another set to this set, and returns this set. */
  addAll(other: Bits): this {
    if (other.#words.length > this.#words.length) this.#grow(other.#words.length);
    for (let at = 0; at < other.#words.length; at++) {
      this.#words[at] = (this.#words[at] ?? 0) | (other.#words[at] ?? 0);
    }
    return this;
  }

  /**
   * Removes from this set the elements that are not in the other set (an intersection), and returns this set.
   */
  keepAll(other: Bits): this {
    for (let at = 0; at < this.#words.length; at++) {
      this.#words[at] = (this.#words[at] ?? 0) & (other.#words[at] ?? 0);
    }
    return this;
  }

  /** Removes the elements of another set from this set, and returns this set. */
  removeAll(other: Bits): this {
    const length = Math.min(this.#words.length, other.#words.length);
    for (let at = 0; at < length; at++) {
      this.#words[at] = (this.#words[at] ?? 0) & ~(other.#words[at] ?? 0);
    }
    return this;
  }

  /** Iterates over the elements of the set, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.#words.length; at++) {
      for (let rest = this.#words[at] ?? 0; rest !== 0; rest &= rest - 1) {
        yield at * 32 + (31 - Math.clz32(rest & -rest));
      }
    }
  }

  #grow(words: number): void {
    const grown = new Uint32Array(Math.max(words, Math.ceil(this.#words.length * 1.5)));
    grown.set(this.#words);
    this.#words = grown;
  }
}

function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
