/** Long work on the event loop, in slices: others get their turn in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work in one go. Several pieces of long work may each take one in a turn of the loop. */
const SLICE = 3;

/** One piece of long work. */
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

/** Many pieces of short work that come at once, as from a thousand connections: together a slice for each turn. */
export class SharedSlice {
  #began: number | undefined;

  /** Resolves when there is time in this turn of the loop. */
  async take(): Promise<void> {
    while (this.#began !== undefined && performance.now() - this.#began >= SLICE) await nextTurn();
    if (this.#began !== undefined) return;
    this.#began = performance.now();
    setImmediate(() => (this.#began = undefined));
  }
}
