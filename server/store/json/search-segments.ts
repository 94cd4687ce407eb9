/**
 * The segments of the search index as files of a data directory. They are a cache: a file that is missing, incomplete
 * or damaged is made again from the messages. Each part of a file has a checksum, so the files are not synced.
 */
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../files/replace-file.ts';
import { DamagedSegment, DroppedSegment, type SegmentSource } from '../find/index/segment-file.ts';
import type { SegmentHome } from '../find/index/segment-home.ts';

/** Name of the subdirectory of the data directory that contains the segments. */
export const SEARCH = 'search';
const SEGMENT = /^(\d+)\.segment$/;
/** Prefix of the file names that the search caches of earlier versions have. */
const OLD_CACHE = 'search.';

export class SearchSegments implements SegmentHome {
  readonly #directory: string;
  readonly #mayWrite: () => boolean;
  #next = 1;
  /**
   * Number of times that all segments were deleted; an open segment compares it to notice that its file was
   * deleted.
   */
  #drops = 0;

  /**
   * @param mayWrite returns whether files may be written; false after the data directory was replaced by another
   * one
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
   * Creates the directory, and removes files that are not segments: incomplete files of a killed process, and
   * caches of earlier versions.
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
      read: (from, to) =>
        drops === this.#drops ? source.read(from, to) : Promise.reject(new DroppedSegment('it is deleted')),
    };
  }

  async write(pieces: AsyncIterable<Uint8Array>): Promise<string> {
    const name = `${String(this.#next++).padStart(6, '0')}.segment`;
    // The folder may have been deleted while the server runs.
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(path.join(this.#directory, name), pieces);
    return name;
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.#directory, name), { force: true, recursive: true });
  }

  /**
   * Deletes all segment files at once to free disk space; the index notices the deletion when it reads a segment.
   * Returns whether there were any files.
   */
  drop(): boolean {
    this.#drops++;
    return dropSegments(path.dirname(this.#directory));
  }
}

/**
 * Deletes the search index of a data directory, including an index of an earlier version. Returns whether there was
 * an index.
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
 * Deletes a segment file, and frees its disk space even while the file is open. Returns whether the deletion
 * succeeded.
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
    async read(from, to) {
      const octets = Buffer.allocUnsafe(to - from);
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
