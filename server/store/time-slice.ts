/** Long work on the event loop, in slices: others get their turn in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds of work in one go. */
const SLICE = 3;

/** Pieces of long work that rest. One of them goes on in each turn of the loop, however many there are. */
const resting: (() => void)[] = [];

function goOn(): void {
  resting.shift()?.();
  if (resting.length > 0) setImmediate(goOn);
}

/** One piece of long work. */
export class TimeSlice {
  #until = performance.now() + SLICE;

  /** Whether the slice is used up: then await `rest`. Cheap enough to ask for every item. */
  get over(): boolean {
    return performance.now() >= this.#until;
  }

  /** Resolves when it may go on for another slice. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      resting.push(resolve);
      if (resting.length === 1) setImmediate(goOn);
    });
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
