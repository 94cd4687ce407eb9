/**
 * Removes messages that are too old or above a lowered limit, in slices, in the background. When messages are added,
 * their own commit keeps the store within its limits.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds between two checks for messages that are too old: age limits are hours and days. */
const INTERVAL = 30_000;

export class Retainer {
  readonly #sweep: () => Promise<boolean>;
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param sweep does one slice of work and returns true when more may remain
   * @param timed whether messages can exceed an age limit without any call
   */
  constructor(sweep: () => Promise<boolean>, timed: boolean) {
    this.#sweep = sweep;
    if (timed) this.#timer = setInterval(() => this.kick(), INTERVAL).unref();
  }

  /** Starts a sweep, unless one is running. */
  kick(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (await this.#sweep()) await nextTurn();
    } catch {
      // The store is closed or its disk is full: the next round tries again.
    }
  }
}
