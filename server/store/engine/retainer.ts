/** Sweeps what age or a lowered limit leaves behind, in slices, in the background; adding keeps the rest in bounds. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds between two looks at the clock: age limits are hours and days. */
const INTERVAL = 30_000;

export class Retainer {
  readonly #sweep: () => Promise<boolean>;
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  /**
   * @param sweep one slice of work; true when there may be more
   * @param timed whether time alone can make messages go
   */
  constructor(sweep: () => Promise<boolean>, timed: boolean) {
    this.#sweep = sweep;
    if (timed) this.#timer = setInterval(() => this.kick(), INTERVAL).unref();
  }

  /** Starts sweeping, unless it runs already. */
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
      // The store closed or its disk is full: the next round tries again.
    }
  }
}
