/**
 * Cache on disk of folded message texts, so that a search through many messages need not read and parse each
 * message, which takes four times as long. New texts are appended to the current file. When most of that file is
 * useless, it becomes the previous file: texts that searches use are copied from it to the new current file, and the
 * others are deleted with it at the next change.
 *
 * The cache survives a close but not a kill of the process: then the texts are cached again as searches use them.
 */
import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';
import { FOLD_VERSION } from '../find/language/fold.ts';
import { TimeSlice } from '../../async/time-slice.ts';
import { LONGEST, TextSegment } from './text-segment.ts';

/** Octets of useless texts that the current file may contain, regardless of the useful ones. */
const TOLERATED = 64 << 20;
/** Version of the file layout and of the cached content. */
const VERSION = `3, folding ${FOLD_VERSION}`;
/**
 * The table of positions: lines of JSON. The first line is a `TableHead`, the others contain positions, `CHUNK` in
 * each line, by the number of their segment.
 */
const TABLE = 'search.texts.jsonl';
const CHUNK = 1000;
const FILE = /^search\.texts\.(\d+)$/;

interface TableHead {
  readonly version: string;
  /** CRC-32 of the lines that follow and of `segments`. */
  readonly sum: number;
  /** The files of texts, the current one last. */
  readonly segments: readonly { readonly name: string; readonly size: number }[];
}

type TableLine = readonly [segment: number, positions: readonly (readonly [MessageId, number])[]];

interface Segments {
  readonly current: TextSegment | undefined;
  readonly previous: TextSegment | undefined;
}

export class TextCache {
  readonly #directory: string;
  readonly #tolerated: number;
  #current: TextSegment | undefined;
  #previous: TextSegment | undefined;

  private constructor(directory: string, tolerated: number, { current, previous }: Segments) {
    this.#directory = directory;
    this.#tolerated = tolerated;
    this.#current = current;
    this.#previous = previous;
  }

  /**
   * Opens the cache that the last close saved, and removes files that it cannot use. If no file can be created, it
   * caches nothing. Never rejects.
   */
  static async open(directory: string, tolerated = TOLERATED): Promise<TextCache> {
    const segments = await takeUp(directory).catch(() => ({ current: undefined, previous: undefined }));
    return new TextCache(directory, tolerated, segments);
  }

  /** Returns a cache that stores and writes nothing. */
  static none(directory: string): TextCache {
    return new TextCache(directory, 0, { current: undefined, previous: undefined });
  }

  get(id: MessageId): string | undefined {
    try {
      const text = this.#current?.get(id);
      if (text !== undefined) return text.toString();
      const old = this.#previous?.get(id)?.toString();
      if (old !== undefined) this.put(id, old);
      return old;
    } catch {
      this.drop();
      return undefined;
    }
  }

  put(id: MessageId, folded: string): void {
    const text = Buffer.from(folded);
    if (text.length > LONGEST || this.#current === undefined || this.#current.has(id)) return;
    try {
      this.#current.put(id, text);
      this.#previous?.delete(id);
      const useful = this.#current.useful + (this.#previous?.useful ?? 0);
      if (this.#current.size > this.#tolerated + 2 * useful) this.#turnOver(this.#current);
    } catch {
      this.drop();
    }
  }

  delete(ids: readonly MessageId[]): void {
    for (const id of ids) {
      this.#current?.delete(id);
      this.#previous?.delete(id);
    }
  }

  /** Reads every text and removes the damaged ones. Searches only detect the damage of the texts that they read. */
  removeDamaged(): void {
    for (const segment of this.#segments()) segment.removeDamaged();
  }

  /**
   * Deletes the files until the next start, because mail has priority over a cache. Returns false if there were
   * none.
   */
  drop(): boolean {
    const segments = this.#segments();
    this.#current = this.#previous = undefined;
    for (const segment of segments) {
      try {
        segment.remove();
      } catch {
        // Errors are ignored, because the cache is optional.
      }
    }
    return segments.length > 0;
  }

  /**
   * @param keep whether to save the texts for the next start: not after the directory was replaced by another one
   */
  close(keep = true): void {
    const segments = this.#segments();
    if (segments.length === 0) return;
    try {
      for (const segment of segments) segment.flush();
      if (keep) writeFileSync(path.join(this.#directory, TABLE), tableOf(segments), { mode: 0o600 });
    } catch {
      // After an error, the next start begins without a cache.
    }
    for (const segment of segments) segment.close();
    this.#current = this.#previous = undefined;
  }

  #segments(): TextSegment[] {
    return [this.#previous, this.#current].filter((segment) => segment !== undefined);
  }

  #turnOver(full: TextSegment): void {
    this.#previous?.remove();
    this.#previous = full;
    this.#current = new TextSegment(path.join(this.#directory, nameAfter(full)));
  }
}

const numberOf = (file: string): number => Number(FILE.exec(path.basename(file))?.[1] ?? 0);
const nameAfter = (segment: TextSegment | undefined): string =>
  `search.texts.${numberOf(segment?.path ?? '') + 1}`;

/** Returns the CRC-32 of the part of a table that its head does not contain. */
const sumOf = (segments: TableHead['segments'], lines: readonly string[]): number =>
  crc32(lines.join('\n'), crc32(JSON.stringify(segments)));

function tableOf(segments: readonly TextSegment[]): string {
  const kept = segments.map(({ path: file, size }) => ({ name: path.basename(file), size }));
  const lines = segments.flatMap(({ positions }, segment) => {
    const all = [...positions];
    return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, i) => {
      const line: TableLine = [segment, all.slice(i * CHUNK, (i + 1) * CHUNK)];
      return JSON.stringify(line);
    });
  });
  const head: TableHead = { version: VERSION, sum: sumOf(kept, lines), segments: kept };
  return [JSON.stringify(head), ...lines].join('\n');
}

/** Opens the segments that the last close saved; creates a new one if none of them is usable. */
async function takeUp(directory: string): Promise<Segments> {
  const file = path.join(directory, TABLE);
  const table = await readFile(file, 'utf8').catch(() => '');
  // The table is removed because the next write makes it outdated.
  rmSync(file, { force: true, recursive: true });
  const segments = (await openSegments(directory, table).catch(() => null)) ?? [];
  const kept = new Set(segments.map((segment) => path.basename(segment.path)));
  for (const name of await readdir(directory)) {
    if (FILE.test(name) && !kept.has(name))
      await rm(path.join(directory, name), { force: true, recursive: true });
  }
  const [current = new TextSegment(path.join(directory, nameAfter(undefined))), previous] =
    segments.reverse();
  return { current, previous };
}

/**
 * Opens the segments with the positions of a table; returns `null` for a table of another version. Throws when the
 * table or a segment is damaged: the whole cache is then discarded.
 */
async function openSegments(
  directory: string,
  table: string,
  readOnly = false,
): Promise<TextSegment[] | null> {
  const [first = '', ...lines] = table.split('\n');
  const { version, sum, segments } = JSON.parse(first) as TableHead;
  if (version !== VERSION) return null;
  if (sum !== sumOf(segments, lines)) throw new Error(`the checksum of ${TABLE} is wrong`);
  const slice = new TimeSlice();
  const positions = segments.map(() => new Map<MessageId, number>());
  for (const line of lines) {
    if (slice.over) await slice.rest();
    const [segment, some] = JSON.parse(line) as TableLine;
    for (const [id, position] of some) positions[segment]?.set(id, position);
  }
  const kept = segments.map(({ name, size }, i) => {
    const file = path.join(directory, name);
    const found = FILE.test(name) ? lstatSync(file, { throwIfNoEntry: false }) : undefined;
    if (found?.isFile() !== true || found.size < size) throw new Error(`${name} is not whole`);
    return { file, size, positions: positions[i] ?? new Map<MessageId, number>() };
  });
  return kept.map(({ file, ...rest }) => new TextSegment(file, { ...rest, readOnly }));
}

/** Returns the problem of the saved texts; `null` if they are intact or missing. */
export async function examineTexts(directory: string): Promise<string | null> {
  const file = path.join(directory, TABLE);
  if (!existsSync(file)) return null;
  try {
    const segments = (await openSegments(directory, await readFile(file, 'utf8'), true)) ?? [];
    const damaged = segments.reduce((sum, segment) => sum + segment.removeDamaged(), 0);
    for (const segment of segments) segment.close();
    return damaged === 0 ? null : `${damaged} texts are damaged`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
