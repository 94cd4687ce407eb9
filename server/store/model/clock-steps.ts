/**
 * Corrects the times of a clock that was ahead for a while and was set back, as on a resumed virtual machine. An
 * item cannot have been stored later than an item stored after it, or later than now. Ages are calculated from the
 * corrected time, so that age limits are not delayed by the time that the clock was ahead.
 */
import type { Seq } from '../ids.ts';

/** Milliseconds that a clock may be set back, by NTP for example, before the step is recorded. */
const TOLERATED = 1000;
/** Maximum number of recorded steps. A clock that is set back more often is not worth more memory. */
const REMEMBERED = 100;

/** An item with the time at which it was stored and the seq of the change that stored it. */
export interface Timed {
  readonly seq: Seq;
  /** Time of storage in milliseconds since the epoch, as the clock showed it then. */
  readonly storedAt: number;
}

export class ClockSteps {
  /**
   * Recorded steps, ascending by seq: changes up to `seq` happened at `at` or earlier, whatever the clock showed.
   */
  #steps: { readonly seq: Seq; readonly at: number }[] = [];

  /**
   * Reads the stored items at start. @param latestFirst the items in the reverse of the order in which they were
   * stored
   */
  load(latestFirst: Iterable<Timed>, now: number): void {
    let least = now;
    for (const { seq, storedAt } of latestFirst) {
      if (storedAt > least + TOLERATED && this.#steps[0]?.at !== least)
        this.#steps.unshift({ seq, at: least });
      least = Math.min(least, storedAt);
    }
    this.#steps = this.#steps.slice(-REMEMBERED);
  }

  /** Compares the clock with the item that was stored last, and records a step if the clock was set back. */
  observe(latest: Timed | undefined, now: number): void {
    if (latest === undefined || this.timeOf(latest) <= now + TOLERATED) return;
    this.#steps = [...this.#steps, { seq: latest.seq, at: now }].slice(-REMEMBERED);
  }

  /** Returns the latest possible time at which an item was stored, in milliseconds since the epoch. */
  timeOf({ seq, storedAt }: Timed): number {
    let time = storedAt;
    for (const step of this.#steps) if (step.seq >= seq && step.at < time) time = step.at;
    return time;
  }
}
