/**
 * A search index as octets: a line with the rules by which it was made, a record for each block with a checksum of
 * the whole record, and a last record that marks the end. A record that is damaged or made by other rules is
 * skipped; its messages are indexed again.
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../../ids.ts';
import { FOLD_VERSION } from '../language/fold.ts';
import { SLOTS } from './block.ts';
import type { SearchIndex } from './index.ts';

/** Version of the layout, of the trigram hash, and of the indexed texts. */
const VERSION = 2;
const RULES = `restante search index ${VERSION}, folding ${FOLD_VERSION}, ${endianness()}\n`;

/**
 * Octets of the head of a record: the number of the block, the length of its ids, the length of the block, and the
 * checksum of these numbers, the ids and the block.
 */
const HEAD = 16;
/** Octets of the head that the checksum covers. */
const COVERED = 12;
/** Block number of the last record, which contains no block. */
const END = 0xffffffff;

export interface SavedBlock {
  readonly number: number;
  /** The ordinals and ids of the block's messages. */
  readonly owners: readonly (readonly [number, MessageId])[];
  readonly bytes: Buffer;
}

function encodeRecord(number: number, table: Buffer, bytes: Buffer): Buffer {
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(number, 0);
  head.writeUInt32LE(table.length, 4);
  head.writeUInt32LE(bytes.length, 8);
  head.writeUInt32LE(crc32(bytes, crc32(table, crc32(head.subarray(0, COVERED)))), COVERED);
  return Buffer.concat([head, table, bytes]);
}

const NOTHING = Buffer.alloc(0);

export function* writeSaved(
  index: SearchIndex,
  ids: readonly (MessageId | undefined)[],
): Generator<Buffer, void, void> {
  yield Buffer.from(RULES);
  for (let number = 0; number < index.blocks; number++) {
    const bytes = index.encodeBlock(number);
    if (bytes === null) continue;
    const names = Array.from({ length: SLOTS }, (_, slot) => ids[number * SLOTS + slot] ?? null);
    yield encodeRecord(number, Buffer.from(JSON.stringify(names)), bytes);
  }
  yield encodeRecord(END, NOTHING, NOTHING);
}

/**
 * Iterates over the intact blocks, each number once. Returns whether the file is complete, including its last
 * record.
 */
export function* readSaved(saved: Buffer): Generator<SavedBlock, boolean, void> {
  if (saved.subarray(0, RULES.length).toString() !== RULES) return false;
  const seen = new Set<number>();
  let isWhole = true;
  let at = RULES.length;
  while (at + HEAD <= saved.length) {
    const head = saved.subarray(at, at + HEAD);
    const number = head.readUInt32LE(0);
    const tableEnd = at + HEAD + head.readUInt32LE(4);
    const table = saved.subarray(at + HEAD, tableEnd);
    const bytes = saved.subarray(tableEnd, tableEnd + head.readUInt32LE(8));
    at = tableEnd + head.readUInt32LE(8);
    const sum = crc32(bytes, crc32(table, crc32(head.subarray(0, COVERED))));
    if (sum !== head.readUInt32LE(COVERED) || seen.has(number)) {
      isWhole = false;
      continue;
    }
    if (number === END) return isWhole && at === saved.length;
    seen.add(number);
    const names = JSON.parse(table.toString()) as (MessageId | null)[];
    const owners = names.flatMap((id, slot) => (id === null ? [] : [[number * SLOTS + slot, id] as const]));
    yield { number, owners, bytes };
  }
  return false;
}

/** Whether the octets are an index of another version or made by other rules. */
export const isOtherSaved = (saved: Buffer): boolean =>
  /^restante search index [^\n]{1,60}\n/.test(saved.toString('latin1', 0, 100)) &&
  saved.toString('latin1', 0, RULES.length) !== RULES;

/** Whether a saved index is complete; it may contain no blocks. */
export function isWholeSaved(saved: Buffer): boolean {
  const blocks = readSaved(saved);
  for (;;) {
    const { done, value } = blocks.next();
    if (done === true) return value;
  }
}
