/**
 * Runs what is due, a bounded number of pieces at once, and no more than a few for one lane, so that a slow receiver
 * does not hold up the others. What is to be done is kept in the store by the caller; here are only keys.
 */

/** Pieces at once, in all and in one lane. */
const MAX_ALL = 16;
const MAX_LANE = 4;

interface Piece {
  readonly key: string;
  readonly lane: string;
}

export class DueQueue {
  readonly #run: (key: string) => Promise<void>;
  /** Of pieces that are not due yet, by key. */
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** Due pieces by lane, in their order; a lane without one has no entry. */
  readonly #ready = new Map<string, Map<string, Piece>>();
  readonly #busy = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  /** @param run must not reject; called once for each time that a key was added */
  constructor(run: (key: string) => Promise<void>) {
    this.#run = run;
  }

  /** @param wait milliseconds until it is due */
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

  /** Takes back what has not begun. */
  cancel(key: string): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    for (const pieces of this.#ready.values()) pieces.delete(key);
  }

  /** Lets what has begun finish; the rest is for the next process. */
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

  /** Begins what may begin, lanes by turns. */
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
      // To the end of the order, so that the next lane is next.
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
