/**
 * The change feed: the latest changes, and the listeners. Changes are numbered without gaps. Where lines of the
 * log are lost, the list of changes is emptied and restarts after the gap, so that `since` never skips a lost
 * change.
 */
import type { Change, ChangeFeed } from '../changes.ts';
import type { Seq } from '../ids.ts';

/** Number of latest changes that `since` can return: minutes of a mail flood, or days of normal use; about 5 MB. */
const KEPT = 16_384;

export class ChangeRing implements ChangeFeed {
  #seq = 0 as Seq;
  /**
   * The latest changes: at most twice `KEPT`. When the array is full, its older half is dropped, so that adding
   * a change takes constant time on average.
   */
  #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #failed: (error: unknown) => void;

  /** @param failed called with the error that a listener threw */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get seq(): Seq {
    return this.#seq;
  }

  subscribe(listener: (change: Change) => void): () => void {
    // Each subscription has a wrapper function of its own, so that a function that subscribes twice is called
    // twice.
    const entry = (change: Change): void => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  since(seq: Seq): readonly Change[] | undefined {
    const floor = this.#seq - this.#changes.length;
    if (seq > this.#seq || seq < floor) return undefined;
    return this.#changes.slice(Math.max(0, seq - floor));
  }

  /**
   * Advances the numbering over changes that are too old for `since`, so that they are not held in memory
   * during a long replay.
   */
  pass(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last !== undefined) this.#seq = last.seq;
  }

  /** Continues the numbering after `seq` and drops all earlier changes. */
  restart(seq: Seq): void {
    this.#changes = [];
    this.#seq = seq;
  }

  /** Stores changes without calling the listeners: used when the store starts, and by `publish`. */
  record(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.seq !== this.#seq + 1) this.restart((change.seq - 1) as Seq);
      this.#changes.push(change);
      this.#seq = change.seq;
    }
    if (this.#changes.length >= 2 * KEPT) this.#changes = this.#changes.slice(-KEPT);
  }

  publish(changes: readonly Change[]): void {
    this.record(changes);
    for (const change of changes) {
      for (const listener of [...this.#listeners]) {
        try {
          listener(change);
        } catch (error) {
          this.#failed(error);
        }
      }
    }
  }

  /** All changes that `since` can still return, oldest first. */
  history(): readonly Change[] {
    return this.#changes.slice(-KEPT);
  }
}
