/** Sessions that idle, greeted together by one timer so that each costs nothing. */

/** Milliseconds between greetings: below the time-outs of NATs (RFC 5382 allows about two hours, many take minutes). */
const INTERVAL = 2 * 60_000;

export class Idlers {
  readonly #greetings = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;

  /** Calls `greet` now and then until the returned call. */
  add(greet: () => void): () => void {
    this.#greetings.add(greet);
    this.#timer ??= setInterval(() => this.#greetAll(), INTERVAL).unref();
    return () => {
      this.#greetings.delete(greet);
      if (this.#greetings.size === 0) this.close();
    };
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #greetAll(): void {
    for (const greet of this.#greetings) greet();
  }
}
