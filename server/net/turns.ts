/** Turns for what must not all happen at once, such as requests to other servers: a few run, a bounded number waits. */

/** So many wait already that one more is refused. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

interface TurnsOptions {
  /** Tasks at once. */
  readonly atOnce: number;
  /** Tasks that wait at most. */
  readonly waiting: number;
  /** What is done, for the error. */
  readonly what: string;
}

export class Turns {
  readonly #options: TurnsOptions;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Runs a task when it is its turn. Rejects with `TooManyWaiting`, or as the task does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const { atOnce, waiting, what } = this.#options;
    if (this.#running < atOnce) this.#running++;
    else if (this.#waiting.length < waiting) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      throw new TooManyWaiting(`${atOnce} ${what} are under way and ${waiting} wait: try again later`);
    }
    try {
      return await task();
    } finally {
      // A task that waits takes over the place, so the number of running tasks stays.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
