/**
 * Stores the segments (parts) of the search index as files in the data directory. The files are a cache: a
 * file that is missing, incomplete or damaged is built again from the messages. The files are not synced to
 * the disk, because checksums reveal an incomplete file.
 */
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { octetBuffer } from '../find/index/large-buffer.ts';
import { DamagedSegment, DroppedSegment, type SegmentSource } from '../find/index/segment-file.ts';
import type { SegmentHome } from '../find/index/segment-home.ts';

/** Name of the subdirectory of the data directory that contains the segments. */
export const SEARCH = 'search';
const SEGMENT = /^(\d+)\.segment$/;
/** Octets of free disk space that the search index does not use. */
const LEFT_TO_MAIL = 1 << 20;
/** Prefix of the names of files in which earlier versions stored the search index. */
const OLD_CACHE = 'search.';

export class SearchSegments implements SegmentHome {
  readonly #directory: string;
  readonly #mayWrite: () => boolean;
  #next = 1;
  /**
   * Number of times that all segment files were deleted. An open segment compares it with the number at its
   * opening, and so detects that its file was deleted.
   */
  #drops = 0;

  /**
   * Creates the object for the segments in a data directory.
   * @param mayWrite function that returns whether files may be written. It returns false, for example, after the data
   *   directory was replaced by another directory
   */
  constructor(dataDirectory: string, mayWrite: () => boolean) {
    this.#directory = path.join(dataDirectory, SEARCH);
    this.#mayWrite = mayWrite;
  }

  get isWritable(): boolean {
    return this.#mayWrite();
  }

  async list(): Promise<readonly string[]> {
    if (this.isWritable) await this.#prepare();
    const names = await segmentNames(this.#directory);
    this.#next = numberOf(names.at(-1)) + 1;
    return names;
  }

  /**
   * Creates the directory of the segments if it is missing. Removes files that are not segments: incomplete
   * files of a killed process, and caches of earlier versions.
   */
  async #prepare(): Promise<void> {
    const data = path.dirname(this.#directory);
    for (const name of await readdir(data)) {
      if (name.startsWith(OLD_CACHE)) await rm(path.join(data, name), { force: true, recursive: true });
    }
    const found = await readdir(this.#directory, { withFileTypes: true }).catch(() => null);
    if (found === null) {
      await rm(this.#directory, { force: true, recursive: true });
      await mkdir(this.#directory, { mode: 0o700 });
    }
    for (const entry of found ?? []) {
      if (entry.isFile() && SEGMENT.test(entry.name)) continue;
      await rm(path.join(this.#directory, entry.name), { force: true, recursive: true });
    }
  }

  async open(name: string): Promise<SegmentSource> {
    const source = await fileSource(path.join(this.#directory, name));
    const drops = this.#drops;
    return {
      ...source,
      read: (from, to, into) =>
        drops === this.#drops
          ? source.read(from, to, into)
          : Promise.reject(new DroppedSegment('it is deleted')),
    };
  }

  async write(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    const name = `${String(this.#next++).padStart(6, '0')}.segment`;
    // The directory is created again, because a user may have deleted it while the server runs.
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(path.join(this.#directory, name), this.#untilDropped(pieces));
    return name;
  }

  /**
   * Yields the pieces of a segment unchanged. Throws if little disk space is left, or if all segments were deleted
   * meanwhile: the space is needed for mail, and an open file would still use it.
   */
  async *#untilDropped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    const drops = this.#drops;
    for await (const piece of pieces) {
      // Some network file systems report no blocks at all.
      const { blocks, bavail, bsize } = await statfs(this.#directory);
      if (drops !== this.#drops || (blocks > 0 && bavail * bsize < LEFT_TO_MAIL)) {
        throw new DroppedSegment('the disk space is needed for mail');
      }
      yield piece;
    }
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.#directory, name), { force: true, recursive: true });
  }

  /**
   * Deletes all segment files to free disk space. The search index detects the deletion when it next reads a
   * segment. Returns whether any file was deleted.
   */
  drop(): boolean {
    this.#drops++;
    return dropSegments(path.dirname(this.#directory));
  }
}

/**
 * Deletes the search index in a data directory, including files that an earlier version wrote. Returns
 * whether any file was deleted.
 */
export function dropSegments(dataDirectory: string): boolean {
  const old = namesIn(dataDirectory).filter((name) => name.startsWith(OLD_CACHE));
  const segments = namesIn(path.join(dataDirectory, SEARCH)).map((name) => path.join(SEARCH, name));
  return [...old, ...segments].filter((name) => dropFile(path.join(dataDirectory, name))).length > 0;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/**
 * Deletes a file. Its disk space is freed immediately, even if the file is still open. Returns whether the
 * deletion succeeded.
 */
function dropFile(file: string): boolean {
  try {
    truncateSync(file);
    rmSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Returns the names of the segment files, in the order in which they were written. */
export async function segmentNames(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => SEGMENT.test(name)).sort((a, b) => numberOf(a) - numberOf(b));
}

const numberOf = (name = ''): number => Number(SEGMENT.exec(name)?.[1] ?? 0);

/** Opens a segment file for reading. */
export async function fileSource(file: string): Promise<SegmentSource> {
  const handle = await open(file, 'r');
  let closed: Promise<void> | undefined;
  return {
    size: (await handle.stat()).size,
    async read(from, to, into) {
      const length = to - from;
      const octets =
        into !== undefined && into.length >= length ? into.subarray(0, length) : octetBuffer(length);
      for (let at = 0; at < octets.length;) {
        const { bytesRead } = await handle.read(octets, at, octets.length - at, from + at);
        if (bytesRead === 0) throw new DamagedSegment('the file is too short');
        at += bytesRead;
      }
      return octets;
    },
    close: () => (closed ??= handle.close()),
  };
}
