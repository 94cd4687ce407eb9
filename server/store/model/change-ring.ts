/**
 * The change feed: the latest changes, and the listeners. Changes are numbered without gaps. Where lines of the log
 * are lost, the ring restarts behind the gap, so that `since` never skips a lost change.
 */
import type { Change, ChangeFeed } from '../changes.ts';
import type { Seq } from '../ids.ts';

/** Number of changes that `since` can return: minutes of a mail flood, days of normal use, about 5 MB. */
const KEPT = 16_384;

export class ChangeRing implements ChangeFeed {
  #seq = 0 as Seq;
  /** The latest changes: at most twice `KEPT`. A full array is cut in half, so that adding a change is O(1). */
  #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #failed: (error: unknown) => void;

  /** @param failed receives the error that a listener threw */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get seq(): Seq {
    return this.#seq;
  }

  subscribe(listener: (change: Change) => void): () => void {
    // A separate wrapper for each subscription, so that a function subscribed twice is called twice.
    const entry = (change: Change): void => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  since(seq: Seq): readonly Change[] | undefined {
    const floor = this.#seq - this.#changes.length;
    if (seq > this.#seq || seq < floor) return undefined;
    return this.#changes.slice(Math.max(0, seq - floor));
  }

  /** Skips changes that are too old for `since`, so that a long replay does not hold them in memory. */
  pass(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last !== undefined) this.#seq = last.seq;
  }

  /** Continues the numbering after `seq` and forgets all earlier changes. */
  restart(seq: Seq): void {
    this.#changes = [];
    this.#seq = seq;
  }

  /** Stores changes without calling the listeners: at start, and before `publish`. */
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

  /** The changes that `since` can return. */
  history(): readonly Change[] {
    return this.#changes.slice(-KEPT);
  }
}
