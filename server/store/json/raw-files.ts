/** The exact bytes of messages, one file each: `raw/ab/<id>.eml`, to grep, open and copy. */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { MessageId } from '../ids.ts';
import { StoreError } from '../store.ts';
import { PARTIAL } from './replace-file.ts';
import { syncDirectory } from './sync-directory.ts';

/**
 * Octets up to which a file is written and read on the spot. Into the page cache that takes some 60 µs for 5 KB, out
 * of it 20 µs: half, and a sixth, of the processor time of the thread pool's way, which is four trips for a read.
 * Large files would hold up the event loop.
 */
const ON_THE_SPOT = 256 * 1024;
/** Files removed at a time. */
const REMOVED_AT_ONCE = 16;
const SUFFIX = '.eml';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Two hex digits from an id: a folder for every 256th message, whatever the ids have in common. */
export function shardOf(id: MessageId): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) & 0xff).toString(16).padStart(2, '0');
}

export interface Inventory {
  /** How many of the known messages have their file. */
  readonly present: number;
  /** Files that belong to none of them. */
  readonly unknown: readonly MessageId[];
  /** Files that were being written when the process ended; never acknowledged. */
  readonly partial: readonly string[];
}

export class RawFiles {
  readonly directory: string;
  readonly #fsync: boolean;
  readonly #doomed: MessageId[] = [];
  #removing = false;
  /** Removals asked for and done, ever. */
  #asked = 0;
  #done = 0;
  #waiting: { readonly until: number; readonly resolve: () => void }[] = [];

  constructor(data: string, fsync: boolean) {
    this.directory = path.join(data, 'raw');
    this.#fsync = fsync;
  }

  pathOf(id: MessageId): string {
    return path.join(this.directory, shardOf(id), id + SUFFIX);
  }

  async write(id: MessageId, raw: Buffer): Promise<void> {
    try {
      if (raw.length <= ON_THE_SPOT && !this.#fsync) this.#writeNow(id, raw);
      else await this.#writeLater(id, raw);
    } catch (error) {
      throw new StoreError('io', `Cannot write ${this.pathOf(id)}: ${String(error)}`, { cause: error });
    }
  }

  /** The file's bytes; `undefined` when it is missing. */
  async read(id: MessageId): Promise<Buffer | undefined> {
    try {
      return this.#readSmall(id) ?? (await readFile(this.pathOf(id)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new StoreError('io', `Cannot read ${this.pathOf(id)}: ${String(error)}`, { cause: error });
    }
  }

  /** Octets `start` to `end` (exclusive) of the file, fewer where it ends before; `undefined` when it is missing. */
  async readPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined> {
    try {
      return this.#readSmall(id)?.subarray(start, end) ?? (await this.#readSome(id, start, end));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new StoreError('io', `Cannot read ${this.pathOf(id)}: ${String(error)}`, { cause: error });
    }
  }

  readNow(id: MessageId): Buffer | undefined {
    try {
      return readFileSync(this.pathOf(id));
    } catch {
      return undefined;
    }
  }

  /** The bytes of a file that is small enough to be read on the spot; `null` of a large one. */
  #readSmall(id: MessageId): Buffer | null {
    const file = openSync(this.pathOf(id), 'r');
    try {
      const { size } = fstatSync(file);
      if (size > ON_THE_SPOT) return null;
      const raw = Buffer.allocUnsafe(size);
      let filled = 0;
      for (let read = -1; filled < size && read !== 0; filled += read) {
        read = readSync(file, raw, filled, size - filled, filled);
      }
      return raw.subarray(0, filled);
    } finally {
      closeSync(file);
    }
  }

  async #readSome(id: MessageId, start: number, end: number): Promise<Buffer> {
    const file = await open(this.pathOf(id), 'r');
    try {
      const { size } = await file.stat();
      const from = Math.min(start, size);
      const part = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, size) - from));
      let filled = 0;
      for (let read = -1; filled < part.length && read !== 0; filled += read) {
        read = (await file.read(part, filled, part.length - filled, from + filled)).bytesRead;
      }
      return part.subarray(0, filled);
    } finally {
      await file.close();
    }
  }

  /** Removes files in the background. */
  remove(ids: readonly MessageId[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#doomed.push(id);
    this.#asked += ids.length;
    if (!this.#removing) void this.#removeDoomed();
  }

  /** Resolves when all that was asked so far to be removed is gone. */
  async removed(): Promise<void> {
    const until = this.#asked;
    if (this.#done >= until) return;
    await new Promise<void>((resolve) => this.#waiting.push({ until, resolve }));
  }

  /** Compares the files there are with the messages that are known. */
  async inventory(isKnown: (id: MessageId) => boolean): Promise<Inventory> {
    const unknown: MessageId[] = [];
    const partial: string[] = [];
    let present = 0;
    for (const shard of await readdir(this.directory).catch(() => [])) {
      for (const name of await readdir(path.join(this.directory, shard)).catch(() => [])) {
        if (name.endsWith(PARTIAL)) partial.push(path.join(this.directory, shard, name));
        if (!name.endsWith(SUFFIX)) continue;
        const id = name.slice(0, -SUFFIX.length) as MessageId;
        if (isKnown(id)) present++;
        // A file of another name or in another place is somebody's copy, not ours.
        else if (/^[0-9a-z]{1,32}$/.test(id) && shardOf(id) === shard) unknown.push(id);
      }
    }
    return { present, unknown, partial };
  }

  has(id: MessageId): boolean {
    return existsSync(this.pathOf(id));
  }

  #writeNow(id: MessageId, raw: Buffer): void {
    const file = this.#openNow(this.pathOf(id));
    try {
      for (let written = 0; written < raw.length;) written += writeSync(file, raw, written);
    } catch (error) {
      rmSync(this.pathOf(id), { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  }

  #openNow(name: string): number {
    try {
      return openSync(name, 'wx', 0o600);
    } catch (error) {
      if (!isMissing(error)) throw error;
      mkdirSync(path.dirname(name), { recursive: true, mode: 0o700 });
      return openSync(name, 'wx', 0o600);
    }
  }

  /** Off the event loop, under another name until it is complete. */
  async #writeLater(id: MessageId, raw: Buffer): Promise<void> {
    const name = this.pathOf(id);
    await mkdir(path.dirname(name), { recursive: true, mode: 0o700 });
    const file = await open(name + PARTIAL, 'wx', 0o600);
    try {
      await file.writeFile(raw);
      if (this.#fsync) await file.datasync();
    } finally {
      await file.close();
    }
    await rename(name + PARTIAL, name);
    if (this.#fsync) await syncDirectory(path.dirname(name));
  }

  async #removeDoomed(): Promise<void> {
    this.#removing = true;
    while (this.#doomed.length > 0) {
      const ids = this.#doomed.splice(0, REMOVED_AT_ONCE);
      await Promise.all(ids.map((id) => rm(this.pathOf(id), { force: true }).catch(() => undefined)));
      this.#done += ids.length;
      for (const { resolve } of this.#waiting.filter(({ until }) => until <= this.#done)) resolve();
      this.#waiting = this.#waiting.filter(({ until }) => until > this.#done);
    }
    this.#removing = false;
  }
}
