/**
 * The search index: for every message a signature of its trigrams. It leaves out most messages that a query cannot
 * match and none that it can; the matcher has the last word on the rest. A message is an ordinal here, a small
 * number that its owner chooses and may use again.
 */
import type { Query } from '../query/ast.ts';
import { Block, countOnes, isIn, noSlots, SLOTS, type SlotSet } from './block.ts';
import { needOf, type Need } from './need.ts';

/** Messages that may match. */
export interface Candidates {
  has(ordinal: number): boolean;
  readonly count: number;
  /** Ascending. */
  ordinals(): Iterable<number>;
}

export interface SearchIndex {
  /** Puts a message in by its signature, anew if it is there. */
  add(ordinal: number, signature: Uint16Array): void;
  delete(ordinal: number): void;
  has(ordinal: number): boolean;
  /** `all` when the query says nothing that an index could know, or too little: no three characters together. */
  candidates(query: Query): Candidates | 'all';
  /** Octets it takes. */
  readonly size: number;
  /** How many blocks there are; block n has the ordinals from n × `SLOTS` on. */
  readonly blocks: number;
  /** A block as octets; `null` where there is none. */
  encodeBlock(block: number): Buffer | null;
  /** Puts a block in from octets; false for what no block is. */
  decodeBlock(block: number, bytes: Buffer): boolean;
}

export function createSearchIndex(): SearchIndex {
  const blocks: (Block | undefined)[] = [];
  /** The block that was made last: messages are still being added to it. */
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
