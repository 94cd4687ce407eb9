/**
 * The sessions that are in IDLE. One timer for all of them sends a line periodically, which keeps their
 * connections open.
 */

/**
 * Time between two lines that keep a connection open, in milliseconds. It is below the timeouts of NAT devices:
 * RFC 5382 requires at least two hours, but many devices use a few minutes.
 */
const INTERVAL = 2 * 60_000;

export class Idlers {
  readonly #greetings = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;

  /** Calls `greet` periodically until the returned function is called. */
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
