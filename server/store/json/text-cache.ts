/**
 * Folded texts of messages on disk, so that a search that must look into many of them need not read and parse each:
 * that takes four times as long. New texts go to the current file; when most of it is of no use, it becomes the
 * previous one, from which the texts that searches use move on, and the rest goes with the file before it.
 *
 * It outlives a close, not a kill: then texts are kept anew as searches use them.
 */
import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';
import { FOLD_VERSION } from '../query/fold.ts';
import { TimeSlice } from '../time-slice.ts';
import { LONGEST, TextSegment } from './text-segment.ts';

/** Octets of useless texts that the current file may hold whatever is of use. */
const TOLERATED = 64 << 20;
/** Of the layout and of what is kept of a message. */
const VERSION = `3, folding ${FOLD_VERSION}`;
/** Lines of JSON: a `TableHead`, then positions, `CHUNK` to a line, by the number of their segment. */
const TABLE = 'search.texts.jsonl';
const CHUNK = 1000;
const FILE = /^search\.texts\.(\d+)$/;

interface TableHead {
  readonly version: string;
  /** CRC-32 of the lines that follow and of `segments`. */
  readonly sum: number;
  /** The current file last. */
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

  /** Takes up what the last close left, and removes what it cannot use. Without a file it keeps nothing; never rejects. */
  static async open(directory: string, tolerated = TOLERATED): Promise<TextCache> {
    const segments = await takeUp(directory).catch(() => ({ current: undefined, previous: undefined }));
    return new TextCache(directory, tolerated, segments);
  }

  /** Keeps nothing, and writes nothing. */
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

  /** Gives its room back, until the next start: a cache is no reason to refuse mail. False when it had none. */
  drop(): boolean {
    const segments = this.#segments();
    this.#current = this.#previous = undefined;
    for (const segment of segments) {
      try {
        segment.remove();
      } catch {
        // Nothing depends on it.
      }
    }
    return segments.length > 0;
  }

  /** @param keep whether the next start may take the texts up; not where the directory is another one by now */
  close(keep = true): void {
    const segments = this.#segments();
    if (segments.length === 0) return;
    try {
      for (const segment of segments) segment.flush();
      if (keep) writeFileSync(path.join(this.#directory, TABLE), tableOf(segments), { mode: 0o600 });
    } catch {
      // The next start begins without.
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

/** CRC-32 of the part of a table that its head does not hold. */
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

/** The segments that the last close left; a new one where it left none that can be used. */
async function takeUp(directory: string): Promise<Segments> {
  const file = path.join(directory, TABLE);
  const table = await readFile(file, 'utf8').catch(() => '');
  // From here on the table would not be true.
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
 * Segments with the positions of a table; `null` for a table of another version. Throws when the table or a segment is
 * damaged: what is left of a cache then is not worth the risk.
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

/** What is wrong with the texts that the last close left, in words; `null` where nothing is, or there are none. */
export async function examineTexts(directory: string): Promise<string | null> {
  const file = path.join(directory, TABLE);
  if (!existsSync(file)) return null;
  try {
    const segments = (await openSegments(directory, await readFile(file, 'utf8'), true)) ?? [];
    const damaged = segments.reduce((sum, segment) => sum + segment.countDamaged(), 0);
    for (const segment of segments) segment.close();
    return damaged === 0 ? null : `${damaged} texts are damaged`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
