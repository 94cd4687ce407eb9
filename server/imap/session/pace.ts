/** Lets other sessions breathe: work over many messages asks it to be stopped now and then. */
import { setImmediate } from 'node:timers/promises';

/** Milliseconds that one command may keep the event loop. */
const SLICE = 10;
/** Steps between looks at the clock. */
const STRIDE = 32;

export class Pace {
  #steps = 0;
  #since = performance.now();

  /** Whether it is time to `rest`; counts a step. */
  get due(): boolean {
    return ++this.#steps % STRIDE === 0 && performance.now() - this.#since > SLICE;
  }

  /** The same after a step that may have taken long itself. */
  get overdue(): boolean {
    return performance.now() - this.#since > SLICE;
  }

  /** Lets everything else that waits run once. */
  async rest(): Promise<void> {
    await setImmediate();
    this.#since = performance.now();
  }
}
