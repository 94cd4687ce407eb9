/**
 * The search index: a signature of trigrams for every message. It excludes most messages that a query cannot match
 * and none that it can match; the matcher checks the remaining ones. A message is identified by an ordinal, a small
 * number that the caller assigns and may reuse.
 */
import type { Query } from '../language/ast.ts';
import { Block, countOnes, isIn, noSlots, SLOTS, type SlotSet } from './block.ts';
import { needOf, type Need } from './need.ts';

/** The messages that may match a query. */
export interface Candidates {
  has(ordinal: number): boolean;
  readonly count: number;
  /** Returns the ordinals, ascending. */
  ordinals(): Iterable<number>;
}

export interface SearchIndex {
  /** Adds a message with its signature, or replaces the message with the same ordinal. */
  add(ordinal: number, signature: Uint16Array): void;
  delete(ordinal: number): void;
  has(ordinal: number): boolean;
  /**
   * Returns `all` if the query contains no text of at least three consecutive characters that the index could use.
   */
  candidates(query: Query): Candidates | 'all';
  /** Size of the index in octets. */
  readonly size: number;
  /** Number of blocks; block n contains the ordinals from n × `SLOTS` on. */
  readonly blocks: number;
  /** Returns a block as octets; `null` for a block that does not exist. */
  encodeBlock(block: number): Buffer | null;
  /** Adds a block from octets; returns false for invalid octets. */
  decodeBlock(block: number, bytes: Buffer): boolean;
}

export function createSearchIndex(): SearchIndex {
  const blocks: (Block | undefined)[] = [];
  /** The block to which messages are currently added; -1 without one. */
  let open = -1;

  function blockFor(number: number): Block {
    const known = blocks[number];
    if (known !== undefined) return known;
    blocks[open]?.compact();
    open = number;
    while (blocks.length <= number) blocks.push(undefined);
    return (blocks[number] = new Block());
  }

  const blockOf = (ordinal: number): Block | undefined => blocks[Math.floor(ordinal / SLOTS)];

  return {
    add(ordinal, signature) {
      blockFor(Math.floor(ordinal / SLOTS)).set(ordinal % SLOTS, signature);
    },
    delete(ordinal) {
      const number = Math.floor(ordinal / SLOTS);
      const block = blocks[number];
      block?.delete(ordinal % SLOTS);
      if (block?.count === 0 && number !== open) blocks[number] = undefined;
    },
    has: (ordinal) => blockOf(ordinal)?.has(ordinal % SLOTS) ?? false,
    candidates(query) {
      const need = needOf(query);
      return need === null ? 'all' : new Found(blocks.map((block) => block && slotsOf(need, block)));
    },
    get size() {
      return blocks.reduce((sum, block) => sum + (block?.size ?? 0), 0);
    },
    get blocks() {
      return blocks.length;
    },
    encodeBlock: (number) => blocks[number]?.encode() ?? null,
    decodeBlock(number, bytes) {
      const block = Block.decode(bytes);
      if (block === null) return false;
      while (blocks.length <= number) blocks.push(undefined);
      blocks[number] = block;
      return true;
    },
  };
}

function slotsOf(need: Need, block: Block): SlotSet {
  if (need.kind === 'columns') return block.withAll(need.columns);
  const [first = noSlots(), ...rest] = need.needs.map((part) => slotsOf(part, block));
  for (const other of rest) {
    for (let word = 0; word < first.length; word++) {
      const [a, b] = [first[word] ?? 0, other[word] ?? 0];
      first[word] = need.kind === 'and' ? a & b : a | b;
    }
  }
  return first;
}

const NO_SLOTS = noSlots();

class Found implements Candidates {
  readonly #slots: readonly (SlotSet | undefined)[];

  constructor(slots: readonly (SlotSet | undefined)[]) {
    this.#slots = slots;
  }

  has(ordinal: number): boolean {
    const slots = this.#slots[Math.floor(ordinal / SLOTS)];
    return slots !== undefined && isIn(slots, ordinal % SLOTS);
  }

  *ordinals(): Generator<number> {
    for (const [number, slots] of this.#slots.entries()) {
      for (const [at, word] of (slots ?? NO_SLOTS).entries()) {
        for (let rest = word; rest !== 0; rest &= rest - 1) {
          yield number * SLOTS + at * 32 + (31 - Math.clz32(rest & -rest));
        }
      }
    }
  }

  get count(): number {
    let count = 0;
    for (const slots of this.#slots) for (const word of slots ?? []) count += countOnes(word);
    return count;
  }
}
