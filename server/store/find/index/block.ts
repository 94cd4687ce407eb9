/**
 * Signatures of `SLOTS` messages, bit-sliced: each column has one bit for each message, so that a query reads only
 * the columns that it needs. A full block is folded in half, which merges neighbouring columns, while few enough
 * bits are set: short messages take less space than long ones.
 */
import { COLUMN_BITS, COLUMNS } from './trigrams.ts';

/** Number of messages in a block. */
export const SLOTS = 1024;
const WORDS = SLOTS / 32;

/**
 * Binary logarithm of the smallest number of columns: with fewer columns, too many words have the same signature.
 */
const MIN_BITS = 9;
/**
 * Maximum share of set bits among those of existing messages. A word of n trigrams passes a message that does not
 * contain it with a probability of about this share to the power of n; about 0.4 is the best balance of size and
 * precision for words of five letters and more.
 */
const MAX_FILL = 0.42;

/** A set of slots: one bit for each slot. */
export type SlotSet = Uint32Array;
export const noSlots = (): SlotSet => new Uint32Array(WORDS);

export class Block {
  #bits: number;
  #columns: Uint32Array;
  readonly #living: SlotSet;
  /** Slots whose bits may already be set. */
  readonly #used: SlotSet;
  #count = 0;

  constructor(bits = COLUMN_BITS, columns = new Uint32Array(COLUMNS * WORDS), living = noSlots()) {
    this.#bits = bits;
    this.#columns = columns;
    this.#living = living;
    for (const word of living) this.#count += countOnes(word);
    this.#used = noSlots().fill(this.#count === 0 ? 0 : -1);
  }

  /** Number of messages in the block. */
  get count(): number {
    return this.#count;
  }

  /** Size of the columns in octets. */
  get size(): number {
    return this.#columns.byteLength;
  }

  has(slot: number): boolean {
    return isIn(this.#living, slot);
  }

  /** Stores a message in a slot, and replaces the previous one. */
  set(slot: number, columns: Uint16Array): void {
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    const shift = COLUMN_BITS - this.#bits;
    if (isIn(this.#used, slot)) this.#wipe(word, bit);
    if (!this.has(slot)) this.#count++;
    for (const column of columns) setBits(this.#columns, (column >>> shift) * WORDS + word, bit);
    setBits(this.#living, word, bit);
    setBits(this.#used, word, bit);
  }

  delete(slot: number): void {
    if (!this.has(slot)) return;
    clearBits(this.#living, slot >>> 5, 1 << (slot & 31));
    this.#count--;
  }

  /**
   * Returns the slots of messages that have all the given columns set; without columns, the slots of all messages.
   */
  withAll(columns: readonly number[]): SlotSet {
    const found = this.#living.slice();
    const shift = COLUMN_BITS - this.#bits;
    for (const column of columns) {
      const from = (column >>> shift) * WORDS;
      for (let word = 0; word < WORDS; word++) {
        found[word] = (found[word] ?? 0) & (this.#columns[from + word] ?? 0);
      }
    }
    return found;
  }

  /** Folds the block as far as `MAX_FILL` allows. Called when no more messages will be added. */
  compact(): void {
    while (this.#bits > MIN_BITS && this.#foldedFill() <= MAX_FILL) this.#fold();
  }

  #wipe(word: number, bit: number): void {
    for (let at = word; at < this.#columns.length; at += WORDS) clearBits(this.#columns, at, bit);
  }

  /** Returns the share of bits that would be set after the next fold. */
  #foldedFill(): number {
    let ones = 0;
    for (let at = 0; at < this.#columns.length; at += 2 * WORDS) {
      for (let word = 0; word < WORDS; word++) {
        const both = (this.#columns[at + word] ?? 0) | (this.#columns[at + WORDS + word] ?? 0);
        ones += countOnes(both & (this.#living[word] ?? 0));
      }
    }
    return ones / (Math.max(this.#count, 1) * 2 ** (this.#bits - 1));
  }

  #fold(): void {
    const half = new Uint32Array(this.#columns.length / 2);
    for (let at = 0; at < half.length; at++) {
      const from = Math.floor(at / WORDS) * 2 * WORDS + (at % WORDS);
      half[at] = (this.#columns[from] ?? 0) | (this.#columns[from + WORDS] ?? 0);
    }
    this.#columns = half;
    this.#bits--;
  }

  /** Returns the block as octets for `decode`. */
  encode(): Buffer {
    return Buffer.concat(
      [Uint32Array.of(this.#bits), this.#living, this.#columns].map((part) =>
        Buffer.from(part.buffer, part.byteOffset, part.byteLength),
      ),
    );
  }

  /** Returns the block for the octets; `null` for invalid octets. */
  static decode(bytes: Buffer): Block | null {
    const words = new Uint32Array(Uint8Array.from(bytes).buffer, 0, Math.floor(bytes.length / 4));
    const bits = words[0] ?? 0;
    if (bits < MIN_BITS || bits > COLUMN_BITS) return null;
    if (bytes.length !== 4 * (1 + WORDS + 2 ** bits * WORDS)) return null;
    return new Block(bits, words.slice(1 + WORDS), words.slice(1, 1 + WORDS));
  }
}

export const isIn = (slots: SlotSet, slot: number): boolean =>
  ((slots[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;

function setBits(words: Uint32Array, at: number, bits: number): void {
  words[at] = (words[at] ?? 0) | bits;
}

function clearBits(words: Uint32Array, at: number, bits: number): void {
  words[at] = (words[at] ?? 0) & ~bits;
}

export function countOnes(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
