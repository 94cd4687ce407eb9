/**
 * A file of folded texts. Each text follows a checksum of its message's id and the text, so that a text is never
 * returned for another message even if the file is damaged. The latest texts are in memory until they fill a block.
 * The file is a cache: an unreadable text counts as missing.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';

/** Octets written at a time, and read at a time by a caller that reads consecutive texts. */
const BLOCK = 1 << 18;
/** Octets of the longest text that is cached: few texts are longer. */
export const LONGEST = 1 << 17;
const SUM = 4;
/** Upper limit of a length. A position and a length are encoded in one number. */
const LENGTHS = 1 << 18;

export interface KeptSegment {
  readonly size: number;
  readonly positions: Map<MessageId, number>;
  readonly readOnly?: boolean;
}

const sumOf = (id: MessageId, text: Buffer): number => crc32(text, crc32(id));

export class TextSegment {
  readonly path: string;
  readonly #fd: number;
  /** `offset * LENGTHS + length`, including the checksum: a number takes a tenth of the memory of an object. */
  readonly #positions: Map<MessageId, number>;
  /** Octets written to the file. */
  #written: number;
  readonly #block = Buffer.allocUnsafeSlow(BLOCK);
  #filled = 0;
  readonly #window = { offset: 0, bytes: Buffer.alloc(0), buffer: Buffer.allocUnsafeSlow(BLOCK) };
  #lastRead = -BLOCK;
  /** Octets of the texts that can still be requested. */
  #useful = 0;

  /** Opens an existing file with its positions, or creates a new one. Throws the error of the file system. */
  constructor(path: string, kept?: KeptSegment) {
    this.path = path;
    this.#fd = openSync(path, kept === undefined ? 'w+' : kept.readOnly === true ? 'r' : 'r+', 0o600);
    this.#positions = kept?.positions ?? new Map<MessageId, number>();
    this.#written = kept?.size ?? 0;
    for (const position of this.#positions.values()) this.#useful += position % LENGTHS;
  }

  get size(): number {
    return this.#written + this.#filled;
  }

  get positions(): ReadonlyMap<MessageId, number> {
    return this.#positions;
  }

  get useful(): number {
    return this.#useful;
  }

  has(id: MessageId): boolean {
    return this.#positions.has(id);
  }

  /** Adds a text. Throws the error of the file system. */
  put(id: MessageId, text: Buffer): void {
    if (this.#filled + SUM + text.length > BLOCK) this.flush();
    this.#positions.set(id, this.size * LENGTHS + SUM + text.length);
    this.#block.writeUInt32LE(sumOf(id, text), this.#filled);
    text.copy(this.#block, this.#filled + SUM);
    this.#filled += SUM + text.length;
    this.#useful += SUM + text.length;
  }

  /** Returns the text as octets, valid until the next call; `undefined` for a missing or damaged text. */
  get(id: MessageId): Buffer | undefined {
    const position = this.#positions.get(id);
    if (position === undefined) return undefined;
    const length = position % LENGTHS;
    const entry = this.#read((position - length) / LENGTHS, length);
    const text = entry.subarray(SUM);
    const isWhole = length >= SUM && entry.length === length && sumOf(id, text) === entry.readUInt32LE(0);
    if (isWhole) return text;
    this.delete(id);
    return undefined;
  }

  /** Removes the texts that can no longer be read, and returns their number. */
  removeDamaged(): number {
    return [...this.#positions.keys()].filter((id) => this.get(id) === undefined).length;
  }

  delete(id: MessageId): void {
    this.#useful -= (this.#positions.get(id) ?? 0) % LENGTHS;
    this.#positions.delete(id);
  }

  flush(): void {
    let done = 0;
    while (done < this.#filled) {
      done += writeSync(this.#fd, this.#block, done, this.#filled - done, this.#written + done);
    }
    this.#written += done;
    this.#filled = 0;
  }

  close(): void {
    closeSync(this.#fd);
  }

  remove(): void {
    this.close();
    rmSync(this.path, { force: true });
  }

  #read(offset: number, length: number): Buffer {
    if (offset >= this.#written) {
      return this.#block.subarray(offset - this.#written, offset - this.#written + length);
    }
    const window = this.#window;
    const isInside = offset >= window.offset && offset + length <= window.offset + window.bytes.length;
    if (!isInside) {
      // A caller that reads forward will need the following texts, too.
      const isForward = offset >= this.#lastRead && offset - this.#lastRead < BLOCK;
      const wanted = Math.min(isForward ? BLOCK : length, this.#written - offset);
      window.offset = offset;
      window.bytes = window.buffer.subarray(0, readSync(this.#fd, window.buffer, 0, wanted, offset));
    }
    this.#lastRead = offset;
    return window.bytes.subarray(offset - window.offset, offset - window.offset + length);
  }
}
