/**
 * The search index on disk: a cache that may be old, damaged or missing. Messages that it does not contain are
 * indexed again.
 */
import { readFile } from 'node:fs/promises';
import { SerialQueue } from '../../async/serial-queue.ts';
import type { MessageSearch } from '../find/index/message-search.ts';
import { replaceFile } from '../files/replace-file.ts';

/**
 * Milliseconds between two saves of a changed index: after a kill, messages of up to this time are indexed again.
 */
const INTERVAL = 5 * 60_000;

/** A value that no seq has: the saved index is incomplete. */
const NEVER = -1;

/** Returns the saved index; `undefined` when the file cannot be read. */
export async function readSearchFile(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}

/** Saves the search index periodically, and when it is closed. */
export class SearchFile {
  readonly #path: string;
  readonly #search: MessageSearch;
  readonly #seq: () => number;
  readonly #mayWrite: () => boolean;
  readonly #timer: NodeJS.Timeout;
  #savedAt: number;
  readonly #queue = new SerialQueue();

  /**
   * @param seq returns a number that increases with each change
   * @param mayWrite whether the file may be replaced: not after the directory was replaced by another one
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

  /** Saves a changed index. Never rejects: after a failed save, the next start indexes the messages again. */
  save(): Promise<void> {
    return this.#queue.run(() => this.#write()).catch(() => undefined);
  }

  async #write(): Promise<void> {
    const seq = this.#seq();
    if (seq === this.#savedAt || !this.#mayWrite()) return;
    await replaceFile(this.#path, this.#search.encode());
    this.#savedAt = this.#search.waiting === 0 ? seq : NEVER;
  }
}
