/**
 * The octets of messages that are on their way in, over all connections and protocols, and their limit. Below the
 * limit a message is held in memory; above it, in a temporary file. Where there is no place for files (`--memory`), the
 * message cannot be held, and its sender has to try again later. No sender waits for another sender.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { HeldMessage, type Room } from './in-flight/held-message.ts';

export { NoRoom, type HeldMessage } from './in-flight/held-message.ts';

export interface InFlightOptions {
  /** Octets held in memory at most. */
  readonly limit: number;
  /** Where messages above the limit are written; `null` for nowhere. */
  readonly directory: string | null;
}

export interface HoldOptions {
  /** Never uses a file: above the limit of octets in memory there is no room for the message. */
  readonly inMemory?: boolean;
}

const SUFFIX = '.part';

export class InFlight implements Room {
  readonly #limit: number;
  readonly #directory: string | null;
  #octets = 0;
  #most = 0;
  #spilled = 0;
  /** Ends when the message above the limit that was read back last is done with. */
  #turn: Promise<void> = Promise.resolve();

  constructor({ limit, directory }: InFlightOptions) {
    this.#limit = limit;
    this.#directory = directory;
  }

  /** Octets held in memory now. */
  get octets(): number {
    return this.#octets;
  }

  /** The most octets that were held in memory at once. */
  get most(): number {
    return this.#most;
  }

  /** Messages written to files so far. */
  get spilled(): number {
    return this.#spilled;
  }

  /** Removes what a killed process left behind. No other process may use the directory. */
  async clean(): Promise<void> {
    if (this.#directory === null) return;
    const names = await readdir(this.#directory).catch(() => []);
    const left = names.filter((name) => name.endsWith(SUFFIX));
    for (const name of left) await rm(path.join(this.#directory, name), { force: true });
  }

  /** Begins to hold one message. @param limit Octets of the message; above it all of them are dropped. */
  hold(limit: number, { inMemory = false }: HoldOptions = {}): HeldMessage {
    return new HeldMessage(limit, this, inMemory);
  }

  /** Whether so many octets more may be held in memory; they are counted then. */
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
   * Makes room for a complete message that is read back from its file: at once where the limit allows it, otherwise
   * when the message before it that did not fit either is done with. So memory holds one message above the limit at
   * most, and a sender that stalls holds up nobody, as its message is not complete.
   *
   * @returns What gives the room back.
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

  /** A name for a new temporary file, its folder made; `null` where there is no place for one. */
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

/** Holds whatever comes in memory: for what needs no limit. */
export const unlimited = (): InFlight => new InFlight({ limit: Infinity, directory: null });
