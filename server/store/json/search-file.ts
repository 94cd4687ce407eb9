/**
 * The search index on disk: a cache that may be old, damaged or missing. Messages that it does not have are indexed
 * again.
 */
import { readFile } from 'node:fs/promises';
import type { MessageSearch } from '../search/message-search.ts';
import { replaceFile } from './replace-file.ts';

/** Milliseconds between two saves of an index that changed: a killed process has that much to index again. */
const INTERVAL = 5 * 60_000;

/** No seq: what is saved lacks something. */
const NEVER = -1;

/** The saved index; `undefined` when nothing can be read. */
export async function readSearchFile(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

/** Saves an index now and then, and when it closes. */
export class SearchFile {
  readonly #path: string;
  readonly #search: MessageSearch;
  readonly #seq: () => number;
  readonly #mayWrite: () => boolean;
  readonly #timer: NodeJS.Timeout;
  #savedAt: number;
  #saving: Promise<void> = Promise.resolve();

  /**
   * @param seq shows whether anything changed
   * @param mayWrite whether the file may be replaced: the directory may be another one by now
   */
  constructor(path: string, search: MessageSearch, seq: () => number, mayWrite: () => boolean) {
    this.#mayWrite = mayWrite;
    this.#path = path;
    this.#search = search;
    this.#seq = seq;
    this.#savedAt = search.isSaved && search.waiting === 0 ? seq() : NEVER;
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
    if (seq === this.#savedAt || !this.#mayWrite()) return;
    await replaceFile(this.#path, this.#search.encode());
    this.#savedAt = this.#search.waiting === 0 ? seq : NEVER;
  }
}
