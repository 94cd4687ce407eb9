/** Interrupts the long work of a command over many messages, so that other sessions can run. */
import { setImmediate } from 'node:timers/promises';

/** Maximum time for which one command may block the event loop, in milliseconds. */
const SLICE = 10;
/** Number of steps between two checks of the elapsed time. */
const STRIDE = 32;

export class Pace {
  #steps = 0;
  #since = performance.now();

  /** Whether the caller must call `rest` now. Each read counts as one step; the time is checked after many steps. */
  get due(): boolean {
    return ++this.#steps % STRIDE === 0 && performance.now() - this.#since > SLICE;
  }

  /**
   * Whether the caller must call `rest` now. Each read checks the elapsed time, which suits callers whose steps
   * are long.
   */
  get overdue(): boolean {
    return performance.now() - this.#since > SLICE;
  }

  /** Lets other work run; resolves in the next turn of the event loop. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
