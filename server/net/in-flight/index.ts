/**
 * Counts and limits the octets of the messages that are being received, over all connections and protocols. As
 * long as the total is below the limit, a message is held in memory; otherwise, it is written to a temporary
 * file. Without a directory for temporary files (`--memory`) a message that would exceed the limit is rejected,
 * and its sender has to try again later. A sender never waits for another sender.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { HeldMessage, type Room } from './held-message.ts';

export { NoRoom, type HeldMessage } from './held-message.ts';

export interface InFlightOptions {
  /** The maximum number of octets that are held in memory, for all messages together. */
  readonly limit: number;
  /**
   * The directory of the temporary files for messages that would exceed the limit; `null` disables temporary
   * files.
   */
  readonly directory: string | null;
}

export interface HoldOptions {
  /**
   * Whether the message must stay in memory: if the limit would be exceeded, it is rejected instead of written
   * to a file.
   */
  readonly inMemory?: boolean;
}

const SUFFIX = '.part';

export class InFlight implements Room {
  readonly #limit: number;
  readonly #directory: string | null;
  #octets = 0;
  #most = 0;
  #spilled = 0;
  /**
   * At most one complete message may exceed the memory limit at a time. This promise resolves when the last such
   * message is released.
   */
  #turn: Promise<void> = Promise.resolve();

  constructor({ limit, directory }: InFlightOptions) {
    this.#limit = limit;
    this.#directory = directory;
  }

  /** The number of octets that are held in memory now. */
  get octets(): number {
    return this.#octets;
  }

  /** The largest number of octets that were held in memory at the same time. */
  get most(): number {
    return this.#most;
  }

  /** The number of messages that were written to temporary files since the start. */
  get spilled(): number {
    return this.#spilled;
  }

  /** Deletes the temporary files that a killed process left behind. No other process may use the directory. */
  async clean(): Promise<void> {
    if (this.#directory === null) return;
    const names = await readdir(this.#directory).catch(() => []);
    const left = names.filter((name) => name.endsWith(SUFFIX));
    for (const name of left) await rm(path.join(this.#directory, name), { force: true });
  }

  /**
   * Returns an empty message to which received octets are added.
   *
   * @param limit maximum number of octets of the message; if the message exceeds it, all its octets are
   * discarded
   */
  hold(limit: number, { inMemory = false }: HoldOptions = {}): HeldMessage {
    return new HeldMessage(limit, this, inMemory);
  }

  /**
   * Reserves the given number of octets in memory. Returns false, and reserves nothing, when the limit would be
   * exceeded.
   */
  take(octets: number): boolean {
    if (this.#octets + octets > this.#limit) return false;
    this.#count(octets);
    return true;
  }

  give(octets: number): void {
    this.#octets -= octets;
  }

  #count(octets: number): void {
    this.#octets += octets;
    this.#most = Math.max(this.#most, this.#octets);
  }

  /**
   * Reserves memory for a complete message that is read back from its file: at once when the limit allows it,
   * otherwise when the previous message above the limit has been released. Therefore, at most one message above
   * the limit is in memory. A sender that stalls blocks no other sender, because only complete messages are
   * read back.
   *
   * @returns a function that releases the reserved memory.
   */
  async room(octets: number): Promise<() => void> {
    if (this.take(octets)) return () => this.give(octets);
    const before = this.#turn;
    let end = (): void => undefined;
    this.#turn = new Promise((resolve) => (end = resolve));
    await before;
    this.#count(octets);
    return () => {
      this.give(octets);
      end();
    };
  }

  /**
   * Returns the path of a new temporary file and creates its directory; returns `null` when temporary files are
   * disabled.
   */
  async newFile(): Promise<string | null> {
    if (this.#directory === null) return null;
    await mkdir(this.#directory, { recursive: true });
    this.#spilled++;
    return path.join(this.#directory, `${randomUUID()}${SUFFIX}`);
  }

  get hasFiles(): boolean {
    return this.#directory !== null;
  }
}

/** Returns an instance without a limit, which holds every message in memory. */
export const unlimited = (): InFlight => new InFlight({ limit: Infinity, directory: null });
