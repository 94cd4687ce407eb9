/** Runs asynchronous tasks one after the other: a task that reads a state and then changes it has the state to itself. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs the task after all earlier ones. A task that fails does not affect the next. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(task);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when every task queued so far has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
