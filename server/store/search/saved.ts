/**
 * A search index as octets: a line that says by which rules it was made, then a record for each block, with its
 * own checksum. What is damaged, or was made by other rules, is left out; its messages are indexed again.
 */
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';
import { FOLD_VERSION } from '../query/fold.ts';
import { SLOTS } from './block.ts';
import type { SearchIndex } from './index.ts';

/** Of the layout, the trigrams' hash, and what is indexed of a message. */
const VERSION = 1;
const RULES = `restante search index ${VERSION}, folding ${FOLD_VERSION}, ${endianness()}\n`;

/** Number of the block, octets of its ids, octets of the block, checksum of both. */
const HEAD = 16;

export interface SavedBlock {
  readonly number: number;
  /** Ordinals of its messages, and their ids. */
  readonly owners: readonly (readonly [number, MessageId])[];
  readonly bytes: Buffer;
}

export function* writeSaved(
  index: SearchIndex,
  ids: readonly (MessageId | undefined)[],
): Generator<Buffer, void, void> {
  yield Buffer.from(RULES);
  for (let number = 0; number < index.blocks; number++) {
    const bytes = index.encodeBlock(number);
    if (bytes === null) continue;
    const names = Array.from({ length: SLOTS }, (_, slot) => ids[number * SLOTS + slot] ?? null);
    const table = Buffer.from(JSON.stringify(names));
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(number, 0);
    head.writeUInt32LE(table.length, 4);
    head.writeUInt32LE(bytes.length, 8);
    head.writeUInt32LE(crc32(bytes, crc32(table)), 12);
    yield Buffer.concat([head, table, bytes]);
  }
}

/** The blocks that are whole. */
export function* readSaved(saved: Buffer): Generator<SavedBlock, void, void> {
  if (saved.subarray(0, RULES.length).toString() !== RULES) return;
  let at = RULES.length;
  while (at + HEAD <= saved.length) {
    const number = saved.readUInt32LE(at);
    const table = saved.subarray(at + HEAD, at + HEAD + saved.readUInt32LE(at + 4));
    const bytesAt = at + HEAD + saved.readUInt32LE(at + 4);
    const bytes = saved.subarray(bytesAt, bytesAt + saved.readUInt32LE(at + 8));
    if (crc32(bytes, crc32(table)) === saved.readUInt32LE(at + 12)) {
      const names = JSON.parse(table.toString()) as (MessageId | null)[];
      const owners = names.flatMap((id, slot) => (id === null ? [] : [[number * SLOTS + slot, id] as const]));
      yield { number, owners, bytes };
    }
    at = bytesAt + saved.readUInt32LE(at + 8);
  }
}
