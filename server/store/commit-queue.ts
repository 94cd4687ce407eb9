/** One after the other: each plan sees the state that the plan before it left behind. */
export class CommitQueue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything queued so far has run. */
  async idle(): Promise<void> {
    await this.#tail;
  }
}
