/**
 * Removes messages that are too old or above a lowered limit, in slices, in the background. For new messages,
 * the commit that adds them also enforces the limits.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time between two checks for messages that are too old, in milliseconds; age limits are hours or days. */
const INTERVAL = 30_000;

export class Retainer {
  readonly #sweep: () => Promise<boolean>;
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param sweep removes messages in one slice of work, and returns true when more messages may have to be
   * removed
   * @param timed whether the age limit must be checked at regular intervals, without any call
   */
  constructor(sweep: () => Promise<boolean>, timed: boolean) {
    this.#sweep = sweep;
    if (timed) this.#timer = setInterval(() => this.kick(), INTERVAL).unref();
  }

  /** Starts the removal of messages, unless it is already running. */
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
      // The removal fails when the store is closed or its disk is full; the next check tries it again.
    }
  }
}
