/**
 * Removes messages in the background, in slices: messages that are too old, and messages that exceed a limit
 * after the limit was lowered. When new messages are added, the same commit enforces the limits.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Time between two checks for messages that are too old, in milliseconds. The interval may be that long, because age
 * limits are hours or days.
 */
const INTERVAL = 30_000;

export class Retainer {
  readonly #sweep: () => Promise<boolean>;
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /**
   * Starts the regular checks if an age limit exists.
   * @param sweep function that removes one slice of messages; it returns true if more messages may have to be
   * removed
   * @param timed whether an age limit exists; it is checked at regular intervals
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
      // The removal fails when the store is closed or its disk is full. The error is ignored, because the
      // next check tries the removal again.
    }
  }
}
