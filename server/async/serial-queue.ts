/**
 * Runs asynchronous tasks one after the other, so that no other task changes the state while a task reads and
 * changes it.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Runs the task after all earlier tasks. A task that fails does not affect the next one. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(task);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when every task that was queued before this call has ended. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
