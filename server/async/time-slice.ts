/** Divides long work on the event loop into time slices, so that other work runs in between. */

/** Milliseconds of work in one slice. */
const SLICE = 3;

/** Callbacks that resume waiting pieces of long work. In each turn of the event loop one of them is called. */
const resting: (() => void)[] = [];

function resumeNext(): void {
  resting.shift()?.();
  if (resting.length > 0) setImmediate(resumeNext);
}

/** The time slices of one piece of long work. */
export class TimeSlice {
  #until = performance.now() + SLICE;

  /**
   * Whether the current slice is used up, so that the caller must await `rest`. Cheap enough to be read for every
   * item.
   */
  get over(): boolean {
    return performance.now() >= this.#until;
  }

  /** Resolves when the next slice starts. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      resting.push(resolve);
      if (resting.length === 1) setImmediate(resumeNext);
    });
    this.#until = performance.now() + SLICE;
  }
}

/** Microtasks that pass before the work after a `take` is done: those of two awaits. */
const HOPS = 3;

/**
 * One time slice for each turn of the event loop, shared by many pieces of short work, such as the calls of a
 * thousand connections.
 */
export class SharedSlice {
  #began: number | undefined;
  #serving = false;
  /** Callbacks of the waiting calls, in the order of their arrival. Each is called once. */
  readonly #waiting: (() => void)[] = [];

  /** Resolves when this turn of the event loop has time left; otherwise in one of the next turns. */
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

  /**
   * Resumes waiting calls, each after the work of the previous one, until the slice is used up. The next turn
   * continues.
   */
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
