/** Interrupts long work over many messages, so that other sessions can run. */
import { setImmediate } from 'node:timers/promises';

/** Milliseconds for which one command may block the event loop. */
const SLICE = 10;
/** Steps between two checks of the clock. */
const STRIDE = 32;

export class Pace {
  #steps = 0;
  #since = performance.now();

  /** Whether it is time to `rest`; counts a step. */
  get due(): boolean {
    return ++this.#steps % STRIDE === 0 && performance.now() - this.#since > SLICE;
  }

  /** The same for long steps: checks the clock each time. */
  get overdue(): boolean {
    return performance.now() - this.#since > SLICE;
  }

  /** Resolves in the next turn of the event loop. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
