/** The search index on disk: a cache that may be old or missing. What it does not know is indexed again. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { MessageSearch } from '../search/message-search.ts';

/** Milliseconds between two saves of an index that changed: a killed process has that much to index again. */
const INTERVAL = 5 * 60_000;

/** No seq: what is saved lacks something. */
const NEVER = -1;

/** What was saved; `undefined` when there is nothing to read. */
export async function readSearchFile(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

/** Saves an index now and then, and when it closes. */
export class SearchFile {
  readonly #path: string;
  readonly #search: MessageSearch;
  readonly #seq: () => number;
  readonly #timer: NodeJS.Timeout;
  #savedAt: number;
  #saving: Promise<void> = Promise.resolve();

  /** @param seq tells whether anything changed */
  constructor(path: string, search: MessageSearch, seq: () => number) {
    this.#path = path;
    this.#search = search;
    this.#seq = seq;
    this.#savedAt = search.waiting === 0 ? seq() : NEVER;
    this.#timer = setInterval(() => void this.save(), INTERVAL).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
    this.#search.close();
  }

  /** A failure is no harm: the next start indexes again. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#write()).catch(() => undefined);
    return this.#saving;
  }

  async #write(): Promise<void> {
    const seq = this.#seq();
    if (seq === this.#savedAt) return;
    const part = `${this.#path}.part`;
    await rm(part, { force: true });
    const file = await open(part, 'wx', 0o600);
    try {
      for (const piece of this.#search.encode()) await file.write(piece);
    } finally {
      await file.close();
    }
    await rename(part, this.#path);
    this.#savedAt = this.#search.waiting === 0 ? seq : NEVER;
  }
}
