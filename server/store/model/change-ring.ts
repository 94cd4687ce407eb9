/**
 * The change feed: stores the latest changes and calls the listeners. The stored changes are numbered without
 * gaps. If lines of the log are lost, the changes before the gap are dropped, so that the changes that
 * `since` returns are always complete.
 */
import type { Change, ChangeFeed } from '../changes.ts';
import type { Seq } from '../ids.ts';

/**
 * Number of latest changes that are stored for `since`. They cover a few minutes in a flood of mail, or days
 * of normal use, and take about 3 MB.
 */
const KEPT = 16_384;
/**
 * Number of outdated changes that are collected before all of them are dropped, so that adding a change takes constant
 * time.
 */
const DROPPED = KEPT / 4;

export class ChangeRing implements ChangeFeed {
  #seq = 0 as Seq;
  /** The latest changes: `KEPT` to `KEPT` + `DROPPED` of them, or fewer while the feed has not received that many. */
  #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #failed: (error: unknown) => void;

  /**
   * Creates an empty change feed.
   * @param failed function that is called with the error that a listener threw
   */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get seq(): Seq {
    return this.#seq;
  }

  subscribe(listener: (change: Change) => void): () => void {
    // Each subscription gets its own wrapper function. Without it, a function that is subscribed twice would
    // be called only once.
    const entry = (change: Change): void => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  since(seq: Seq): readonly Change[] | undefined {
    const floor = this.#seq - this.#changes.length;
    if (seq > this.#seq || seq < floor) return undefined;
    return this.#changes.slice(Math.max(0, seq - floor));
  }

  async caughtUp(): Promise<void> {
    // Nothing has to be awaited: in a store with only one server, every change is published before its commit resolves.
  }

  /**
   * Advances the numbering over changes without storing them. It is used while a long log is read, for
   * changes that are too old for `since`.
   */
  pass(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last !== undefined) this.#seq = last.seq;
  }

  /** Drops all stored changes and sets the number of the last change to `seq`. */
  restart(seq: Seq): void {
    this.#changes = [];
    this.#seq = seq;
  }

  /** Stores changes without calling the listeners. It is used when the store is opened, and by `publish`. */
  record(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.seq !== this.#seq + 1) this.restart((change.seq - 1) as Seq);
      this.#changes.push(change);
      this.#seq = change.seq;
    }
    if (this.#changes.length >= KEPT + DROPPED) this.#changes = this.#changes.slice(-KEPT);
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

  /** Returns all changes that `since` can still return, oldest first. */
  history(): readonly Change[] {
    return this.#changes.slice(-KEPT);
  }
}
