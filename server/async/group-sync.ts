/** Group commit: one sync of the file to the disk completes all writes that happened before the sync started. */
export class GroupSync {
  readonly #sync: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when all data that was written before this call is synced to the disk. */
  request(): Promise<void> {
    this.#next ??= this.#after();
    return this.#next;
  }

  async #after(): Promise<void> {
    await this.#running?.catch(() => undefined);
    // A running sync may not include writes that happen after this point, so later requests wait for a new sync.
    this.#running = this.#sync();
    this.#next = undefined;
    await this.#running;
  }
}
