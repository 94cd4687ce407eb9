/**
 * Folded texts of messages on disk, so that a search that must look into many of them need not parse them: reading one
 * takes a tenth of the time. New texts go to the current file; when most of it is of no use, it becomes the previous
 * one, from which what is asked for moves on, and the previous one before it goes with what nobody asked for.
 *
 * It outlives a close, not a kill: then texts are kept anew as they are asked for.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MessageId } from '../ids.ts';
import { FOLD_VERSION } from '../query/fold.ts';
import { LONGEST, TextSegment } from './text-segment.ts';

/** Octets of useless texts that the current file may hold whatever is of use. */
const TOLERATED = 64 << 20;
/** Of the layout and of what is kept of a message. */
const VERSION = `1, folding ${FOLD_VERSION}`;
const TABLE = 'search.texts.json';
const FILE = /^search\.texts\.(\d+)$/;

interface Table {
  readonly version: string;
  /** The current file last. */
  readonly segments: readonly {
    readonly name: string;
    readonly size: number;
    readonly positions: readonly (readonly [MessageId, number])[];
  }[];
}

export class TextCache {
  readonly #directory: string;
  readonly #tolerated: number;
  #current: TextSegment | undefined;
  #previous: TextSegment | undefined;
  #generation = 0;
  /** Octets of texts that are of use. */
  #useful = 0;

  /** Takes up what the last close left, and removes what it cannot use. Never throws: without a file it keeps nothing. */
  constructor(directory: string, tolerated = TOLERATED) {
    this.#directory = directory;
    this.#tolerated = tolerated;
    try {
      this.#restore();
      this.#current ??= this.#newSegment();
    } catch {
      this.#giveUp();
    }
  }

  get(id: MessageId): string | undefined {
    try {
      const text = this.#current?.get(id);
      if (text !== undefined) return text.toString();
      const old = this.#previous?.get(id);
      if (old === undefined) return undefined;
      const moved = old.toString();
      this.put(id, moved);
      return moved;
    } catch {
      this.#giveUp();
      return undefined;
    }
  }

  put(id: MessageId, folded: string): void {
    const text = Buffer.from(folded);
    if (text.length > LONGEST || this.#current === undefined || this.#current.has(id)) return;
    try {
      this.#useful += this.#current.put(id, text) - (this.#previous?.delete(id) ?? 0);
      if (this.#current.size > this.#tolerated + 2 * this.#useful) this.#turnOver(this.#current);
    } catch {
      this.#giveUp();
    }
  }

  delete(ids: readonly MessageId[]): void {
    for (const id of ids) {
      this.#useful -= (this.#current?.delete(id) ?? 0) + (this.#previous?.delete(id) ?? 0);
    }
  }

  close(): void {
    const segments = [this.#previous, this.#current].filter((segment) => segment !== undefined);
    try {
      for (const segment of segments) segment.flush();
      const table: Table = {
        version: VERSION,
        segments: segments.map(({ path: file, size, positions }) => {
          return { name: path.basename(file), size, positions: [...positions] };
        }),
      };
      writeFileSync(path.join(this.#directory, TABLE), JSON.stringify(table), { mode: 0o600 });
    } catch {
      // The next start begins without.
    }
    for (const segment of segments) segment.close();
    this.#current = this.#previous = undefined;
  }

  #restore(): void {
    const file = path.join(this.#directory, TABLE);
    const table = existsSync(file) ? readTable(file) : undefined;
    // From here on it would not be true.
    rmSync(file, { force: true });
    const kept = new Set<string>();
    for (const { name, size, positions } of table?.segments ?? []) {
      const full = path.join(this.#directory, name);
      if (!FILE.test(name) || !existsSync(full) || statSync(full).size < size) continue;
      this.#previous = this.#current;
      this.#current = new TextSegment(full, { size, positions: new Map(positions) });
      kept.add(name);
      this.#generation = Math.max(this.#generation, Number(FILE.exec(name)?.[1]));
      this.#useful += this.#current.useful;
    }
    for (const name of readdirSync(this.#directory)) {
      if (FILE.test(name) && !kept.has(name)) rmSync(path.join(this.#directory, name), { force: true });
    }
  }

  #newSegment(): TextSegment {
    return new TextSegment(path.join(this.#directory, `search.texts.${++this.#generation}`));
  }

  #turnOver(full: TextSegment): void {
    this.#useful -= this.#previous?.useful ?? 0;
    this.#previous?.remove();
    this.#previous = full;
    this.#current = this.#newSegment();
  }

  /** The disk fails or is full: searches read the messages themselves. */
  #giveUp(): void {
    for (const segment of [this.#current, this.#previous]) {
      try {
        segment?.remove();
      } catch {
        // There is nothing that depends on it.
      }
    }
    this.#current = this.#previous = undefined;
  }
}

function readTable(file: string): Table | undefined {
  try {
    const table = JSON.parse(readFileSync(file, 'utf8')) as Table;
    return table.version === VERSION ? table : undefined;
  } catch {
    return undefined;
  }
}
