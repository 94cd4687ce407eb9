/**
 * The exact bytes of messages that have files of their own: `raw/ab/<id>.eml`, so that users can search, open and copy
 * them.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
  type Dirent,
} from 'node:fs';
import { copyFile, link, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { MessageId } from '../ids.ts';
import { errorCode } from '../storage-reason.ts';
import { StoreError, unwritable } from '../store.ts';
import { PARTIAL } from '../files/replace-file.ts';
import { syncDirectory } from '../files/sync-directory.ts';

/**
 * Maximum size in octets of a file that is written and read synchronously. For 5 KB, a synchronous write into
 * the page cache takes about 60 µs, half the processor time of an asynchronous write. A synchronous read
 * takes 20 µs, a sixth of the time of an asynchronous read, which needs four calls through the thread pool.
 * Larger files would block the event loop.
 */
export const ON_THE_SPOT = 256 * 1024;
/** Number of message files that are removed at the same time. */
const REMOVED_AT_ONCE = 16;
const SUFFIX = '.eml';

/** Matches the name of a folder that contains message files: two hex digits. */
const SHARD = /^[0-9a-f]{2}$/;

/**
 * Flags for opening a file safely: symbolic links are not followed, and opening a named pipe does not wait for
 * a writer.
 */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const READ = constants.O_RDONLY | SAFELY;
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | SAFELY;

const isMissing = (error: unknown): boolean => errorCode(error) === 'ENOENT';

/** Returns the entries of a directory; an empty array for a directory that cannot be read. */
const entriesOf = (directory: string): Promise<Dirent[]> =>
  readdir(directory, { withFileTypes: true }).catch(() => []);

async function syncFile(name: string): Promise<void> {
  const file = await open(name, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * Returns the name of the folder for a message file: two hex digits of a hash of the message id. Even similar
 * ids are distributed evenly to the 256 folders.
 */
export function shardOf(id: MessageId): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return ((hash >>> 16) & 0xff).toString(16).padStart(2, '0');
}

export interface FileInventory {
  /** Number of messages whose file is known and exists. */
  readonly present: number;
  /** Ids of the messages whose files exist but are not mentioned in the log. */
  readonly unknown: readonly MessageId[];
  /**
   * Names of temporary files that remained because the process ended during a write; their messages were never
   * acknowledged.
   */
  readonly partial: readonly string[];
  /**
   * Names of directory entries that are not used as messages: a link or a directory in place of a message
   * file, or an entry other than a directory in place of a folder of message files.
   */
  readonly foreign: readonly string[];
}

export class RawFiles {
  readonly directory: string;
  readonly #fsync: boolean;
  readonly #doomed: MessageId[] = [];
  #removing = false;
  /** Total number of file removals that were requested. `#done` is the number of removals that are complete. */
  #requested = 0;
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
      throw unwritable(error);
    }
  }

  /**
   * Stores the content of the complete file `file` as the bytes of a message: creates a hard link to `file`,
   * or a copy if a link is not possible (for example across file systems). The file `file` remains.
   */
  async adopt(id: MessageId, file: string): Promise<void> {
    const name = this.pathOf(id);
    const partial = name + PARTIAL;
    try {
      this.#makeFolder(id);
      this.#assertNoLink(id);
      // The temporary file may already exist: a worker thread that was terminated may have left it.
      await rm(partial, { force: true });
      await link(file, partial).catch(() => copyFile(file, partial, constants.COPYFILE_EXCL));
      if (this.#fsync) await syncFile(partial);
      await rename(partial, name);
      if (this.#fsync) await syncDirectory(path.dirname(name));
    } catch (error) {
      throw unwritable(error);
    } finally {
      // If the temporary name and the final name are already links to the same file, renaming does nothing
      // (POSIX rename) and the temporary name remains; therefore it is removed here.
      await rm(partial, { force: true });
    }
  }

  /** Returns the bytes of the message; `undefined` when its file is missing. */
  async read(id: MessageId): Promise<Buffer | undefined> {
    try {
      return this.#readSmall(id) ?? (await this.#readLarge(id));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new StoreError('io', `Cannot read ${this.pathOf(id)}: ${String(error)}`, { cause: error });
    }
  }

  /**
   * Returns the bytes of the message from the offset `start` up to, but not including, `end`; fewer bytes
   * when the file is shorter; `undefined` when the file is missing.
   */
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
      const file = this.#openNow(id, READ);
      try {
        return readFileSync(file);
      } finally {
        closeSync(file);
      }
    } catch {
      return undefined;
    }
  }

  /** Returns the bytes of a file that is small enough to be read synchronously; `null` for a large file. */
  #readSmall(id: MessageId): Buffer | null {
    const file = this.#openNow(id, READ);
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

  async #readLarge(id: MessageId): Promise<Buffer> {
    const file = await this.#open(id, READ);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  }

  async #readSome(id: MessageId, start: number, end: number): Promise<Buffer> {
    const file = await this.#open(id, READ);
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

  /** Removes the files of messages in the background. */
  remove(ids: readonly MessageId[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#doomed.push(id);
    this.#requested += ids.length;
    if (!this.#removing) void this.#removeDoomed();
  }

  /** Resolves when all file removals that were requested before this call are complete. */
  async removed(): Promise<void> {
    const until = this.#requested;
    if (this.#done >= until) return;
    await new Promise<void>((resolve) => this.#waiting.push({ until, resolve }));
  }

  /** Compares the existing message files with those that are known from the log. */
  async inventory(isKnown: (id: MessageId) => boolean): Promise<FileInventory> {
    const found = {
      present: 0,
      unknown: [] as MessageId[],
      partial: [] as string[],
      foreign: [] as string[],
    };
    for (const shard of await entriesOf(this.directory)) {
      const folder = path.join(this.directory, shard.name);
      if (!SHARD.test(shard.name)) continue;
      if (!shard.isDirectory()) {
        found.foreign.push(folder);
        continue;
      }
      for (const entry of await entriesOf(folder)) this.#sort(entry, shard.name, isKnown, found);
    }
    return found;
  }

  #sort(
    entry: Dirent,
    shard: string,
    isKnown: (id: MessageId) => boolean,
    found: { present: number; unknown: MessageId[]; partial: string[]; foreign: string[] },
  ): void {
    const { name } = entry;
    const file = path.join(this.directory, shard, name);
    if (name.endsWith(SUFFIX + PARTIAL)) found.partial.push(file);
    if (!name.endsWith(SUFFIX)) return;
    const id = name.slice(0, -SUFFIX.length) as MessageId;
    // A file whose name is not a message id, or that is in a wrong folder, is a copy that a user made; it is
    // ignored.
    if (!/^[0-9a-z]{1,32}$/.test(id) || shardOf(id) !== shard) return;
    if (!entry.isFile()) found.foreign.push(file);
    else if (isKnown(id)) found.present++;
    else found.unknown.push(id);
  }

  has(id: MessageId): boolean {
    return lstatSync(this.pathOf(id), { throwIfNoEntry: false })?.isFile() === true;
  }

  #writeNow(id: MessageId, raw: Buffer): void {
    const file = this.#create(id);
    try {
      for (let written = 0; written < raw.length;) written += writeSync(file, raw, written);
    } catch (error) {
      rmSync(this.pathOf(id), { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  }

  #create(id: MessageId): number {
    try {
      return this.#openNow(id, CREATE);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#makeFolder(id);
      return this.#openNow(id, CREATE);
    }
  }

  /**
   * Creates the folder of a message file if it is missing. Never creates the data directory itself: a user
   * who deleted it may use the name for something else.
   */
  #makeFolder(id: MessageId): void {
    const folder = path.dirname(this.pathOf(id));
    for (const directory of [this.directory, folder]) {
      try {
        mkdirSync(directory, { mode: 0o700 });
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** Writes the file of a message asynchronously. The file has a temporary name until it is complete. */
  async #writeLater(id: MessageId, raw: Buffer): Promise<void> {
    const name = this.pathOf(id);
    this.#makeFolder(id);
    this.#assertNoLink(id);
    // The temporary file may already exist: a worker thread that was terminated may have left it.
    await rm(name + PARTIAL, { force: true });
    const file = await this.#open(id, CREATE, PARTIAL);
    try {
      await file.writeFile(raw);
      if (this.#fsync) await file.datasync();
    } catch (error) {
      await rm(name + PARTIAL, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(name + PARTIAL, name);
    if (this.#fsync) await syncDirectory(path.dirname(name));
  }

  #openNow(id: MessageId, flags: number): number {
    this.#assertNoLink(id);
    const file = openSync(this.pathOf(id), flags, 0o600);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    throw new Error(`${this.pathOf(id)} is not a file`);
  }

  async #open(id: MessageId, flags: number, suffix = ''): Promise<FileHandle> {
    this.#assertNoLink(id);
    const file = await open(this.pathOf(id) + suffix, flags, 0o600);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new Error(`${this.pathOf(id)} is not a file`);
  }

  /**
   * Throws if the folder of the message is a symbolic link, which could lead to any directory. The flags of
   * `open` reject a link in place of the message file itself.
   */
  #assertNoLink(id: MessageId): void {
    const folder = path.dirname(this.pathOf(id));
    if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw new Error(`${folder} is a symbolic link`);
    }
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
