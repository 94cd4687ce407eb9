/** Group commit: one sync of the file completes all writes that happened before the sync started. */
export class GroupSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when everything written before this call is synced. */
  request(): Promise<void> {
    this.#next ??= this.#after();
    return this.#next;
  }

  async #after(): Promise<void> {
    await this.#running?.catch(() => undefined);
    // A write after this line may be too late for this sync, so the next request starts a new one.
    this.#running = this.#sync();
    this.#next = undefined;
    await this.#running;
  }
}
