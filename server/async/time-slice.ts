/** Divides long work on the event loop into time slices, so that other work runs in between. */

/** Maximum duration of one slice, in milliseconds. */
const SLICE = 3;

/**
 * Functions that resume tasks that wait for their next slice. In each turn of the event loop one of these
 * functions is called.
 */
const resting: (() => void)[] = [];

function resumeNext(): void {
  resting.shift()?.();
  if (resting.length > 0) setImmediate(resumeNext);
}

/** The time slices of one long task. */
export class TimeSlice {
  #until = performance.now() + SLICE;

  /**
   * Whether the current slice is used up, which means that the caller must await `rest`. Reading this property
   * is cheap enough to do it for every item.
   */
  get over(): boolean {
    return performance.now() >= this.#until;
  }

  /** Lets other work of the process run; resolves when the next time slice starts. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => {
      resting.push(resolve);
      if (resting.length === 1) setImmediate(resumeNext);
    });
    this.#until = performance.now() + SLICE;
  }
}

/**
 * The number of microtasks that `#serve` waits for before it resumes the next caller of `take`. After that
 * number, the work of the previous caller has begun and its synchronous part has ended.
 */
const HOPS = 3;

/**
 * One time slice in each turn of the event loop, shared by many short tasks, such as the calls of a thousand
 * connections.
 */
export class SharedSlice {
  #began: number | undefined;
  #serving = false;
  /**
   * Functions that resume the waiting callers of `take`, in the order of their arrival. Each function is called
   * once.
   */
  readonly #waiting: (() => void)[] = [];

  /**
   * Resolves in the current turn of the event loop if the slice of this turn is not used up; otherwise in one of
   * the next turns.
   */
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
   * Resumes waiting callers until the slice is used up; each caller is resumed after the work of the previous
   * caller. The remaining callers are resumed in the next turn.
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
