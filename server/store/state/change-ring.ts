/**
 * The change feed: the last changes, and who listens. Changes are numbered without gaps; where the log lost some,
 * the ring begins anew behind the gap, so that `since` never skips over a loss.
 */
import type { Change, ChangeFeed } from '../changes.ts';
import type { Seq } from '../ids.ts';

/** Changes kept for `since`: minutes of a flood, days of normal use, about 5 MB. */
const KEPT = 16_384;

export class ChangeRing implements ChangeFeed {
  #seq = 0 as Seq;
  /** Up to twice `KEPT`, cut in half when full, so that adding is O(1). */
  #changes: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #failed: (error: unknown) => void;

  /** @param failed hears of a listener that threw */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get seq(): Seq {
    return this.#seq;
  }

  subscribe(listener: (change: Change) => void): () => void {
    // A wrapper of its own, so that one function subscribed twice is two subscriptions.
    const entry = (change: Change): void => listener(change);
    this.#listeners.add(entry);
    return () => this.#listeners.delete(entry);
  }

  since(seq: Seq): readonly Change[] | undefined {
    const floor = this.#seq - this.#changes.length;
    if (seq > this.#seq || seq < floor) return undefined;
    return this.#changes.slice(Math.max(0, seq - floor));
  }

  /** Goes past changes that nobody will ask for any more, so that a long replay need not keep them. */
  pass(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last !== undefined) this.#seq = last.seq;
  }

  /** Numbers continue after `seq`; what was before is not known. */
  restart(seq: Seq): void {
    this.#changes = [];
    this.#seq = seq;
  }

  /** Takes changes in without telling anybody: at start, and before `publish`. */
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

  /** The changes that `since` can reach. */
  history(): readonly Change[] {
    return this.#changes.slice(-KEPT);
  }
}
