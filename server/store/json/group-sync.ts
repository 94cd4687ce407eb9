/** Group commit: one sync serves everybody who wrote before it began. */
export class GroupSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when what was written before this call is safe. */
  request(): Promise<void> {
    this.#next ??= this.#after();
    return this.#next;
  }

  async #after(): Promise<void> {
    await this.#running?.catch(() => undefined);
    // From here on a newcomer may have written after this sync began.
    this.#running = this.#sync();
    this.#next = undefined;
    await this.#running;
  }
}
