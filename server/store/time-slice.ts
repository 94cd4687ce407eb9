/** Long work on the event loop, in slices: others get their turn in between. */

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

/** Microtasks that pass before the work behind a `take` has been done: those of two awaits. */
const HOPS = 3;

/** Many pieces of short work that come at once, as from a thousand connections: together a slice for each turn. */
export class SharedSlice {
  #began: number | undefined;
  #serving = false;
  /** In the order in which they came. Each is woken once, however many there are. */
  readonly #waiting: (() => void)[] = [];

  /** Resolves when there is time in this turn of the loop. */
  async take(): Promise<void> {
    if (this.#began === undefined && this.#waiting.length === 0) {
      this.#begin();
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      void this.#serve();
    });
  }

  #begin(): number {
    setImmediate(() => {
      this.#began = undefined;
      void this.#serve();
    });
    return (this.#began = performance.now());
  }

  /** Wakes those that wait, one after the work of another, while there is time. The next turn goes on. */
  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    for (;;) {
      for (let hop = 0; hop < HOPS; hop++) await Promise.resolve();
      if (this.#waiting.length === 0) break;
      const began = this.#began ?? this.#begin();
      if (performance.now() - began >= SLICE) break;
      this.#waiting.shift()?.();
    }
    this.#serving = false;
  }
}
