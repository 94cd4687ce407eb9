/**
 * Runs tasks when they are due. The number of tasks that run at once is limited in total and for each lane
 * (the tasks for one receiver), so that a slow receiver does not delay the tasks for other receivers. The
 * queue holds only the keys of the tasks; the caller stores the tasks.
 */

/** The maximum number of tasks that run at once, in total and for one receiver. */
const MAX_ALL = 16;
const MAX_LANE = 4;

interface Piece {
  readonly key: string;
  readonly lane: string;
}

export class DueQueue {
  readonly #run: (key: string) => Promise<void>;
  /** The timers of tasks that are not due yet, by key. */
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /**
   * The due tasks by lane (one lane for each receiver), in the order in which they became due. A lane without
   * due tasks has no entry.
   */
  readonly #ready = new Map<string, Map<string, Piece>>();
  readonly #busy = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  /**
   * Creates the queue.
   *
   * @param run performs the task with the given key; must not reject; is called once for each time that the key
   *   was added
   */
  constructor(run: (key: string) => Promise<void>) {
    this.#run = run;
  }

  /**
   * Schedules a task. A scheduled task with the same key is replaced.
   * @param wait milliseconds until the task is due
   */
  add(key: string, lane: string, wait: number): void {
    if (this.#closed) return;
    this.cancel(key);
    if (wait <= 0) {
      this.#due({ key, lane });
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#due({ key, lane });
    }, wait).unref();
    this.#timers.set(key, timer);
  }

  /** Removes a task that has not begun. */
  cancel(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    for (const pieces of this.#ready.values()) pieces.delete(key);
  }

  /**
   * Waits for the running tasks and removes all other tasks; after a restart of the server, the removed tasks
   * are scheduled again.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#ready.clear();
    await Promise.all(this.#running);
  }

  #due(piece: Piece): void {
    const pieces = this.#ready.get(piece.lane) ?? new Map<string, Piece>();
    this.#ready.set(piece.lane, pieces.set(piece.key, piece));
    this.#next();
  }

  /**
   * Starts due tasks up to the limits; the lanes (one for each receiver) are served in turn, one task at a
   * time.
   */
  #next(): void {
    for (const [lane, pieces] of [...this.#ready]) {
      if (this.#running.size >= MAX_ALL) return;
      const [piece] = pieces.values();
      if (piece === undefined) {
        this.#ready.delete(lane);
        continue;
      }
      if ((this.#busy.get(lane) ?? 0) >= MAX_LANE) continue;
      pieces.delete(piece.key);
      // The lane (the tasks for one receiver) moves to the end of the order, so that the next task is taken
      // from another lane.
      this.#ready.delete(lane);
      if (pieces.size > 0) this.#ready.set(lane, pieces);
      this.#begin(piece);
    }
  }

  #begin({ key, lane }: Piece): void {
    this.#busy.set(lane, (this.#busy.get(lane) ?? 0) + 1);
    const running = this.#run(key).finally(() => {
      this.#running.delete(running);
      const left = (this.#busy.get(lane) ?? 1) - 1;
      if (left === 0) this.#busy.delete(lane);
      else this.#busy.set(lane, left);
      if (!this.#closed) this.#next();
    });
    this.#running.add(running);
  }
}
