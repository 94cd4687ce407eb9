/** Long work on the event loop, in slices: others get their turn in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work in one go. */
const SLICE = 15;

export class TimeSlice {
  #until = performance.now() + SLICE;

  /** Whether the slice is used up: then await `rest`. Cheap enough to ask for every item. */
  get over(): boolean {
    return performance.now() >= this.#until;
  }

  async rest(): Promise<void> {
    await nextTurn();
    this.#until = performance.now() + SLICE;
  }
}
