/**
 * Limits how many tasks run at the same time, such as requests to other servers. Further tasks wait; the number
 * of waiting tasks is limited too.
 */

/** Thrown when the maximum number of tasks is already waiting. */
export class TooManyWaiting extends Error {
  override readonly name = 'TooManyWaiting';
}

interface TurnsOptions {
  /** The maximum number of tasks that run at the same time. */
  readonly atOnce: number;
  /** The maximum number of tasks that wait. */
  readonly waiting: number;
  /** The plural name of the tasks for the text of the error `TooManyWaiting`. */
  readonly what: string;
}

export class Turns {
  readonly #options: TurnsOptions;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Runs a task, at once or after enough running tasks have ended. Rejects with `TooManyWaiting`, or with the
   * error of the task.
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const { atOnce, waiting, what } = this.#options;
    if (this.#running < atOnce) this.#running++;
    else if (this.#waiting.length < waiting) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      throw new TooManyWaiting(`${atOnce} ${what} are running and ${waiting} are waiting: try again later`);
    }
    try {
      return await task();
    } finally {
      // The next waiting task starts in place of the ended task, so the number of running tasks does not
      // change.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
