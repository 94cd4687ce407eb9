/**
 * Corrects the storage times of messages when the clock was ahead for a while and was then set back, as on a
 * resumed virtual machine. An item cannot have been stored later than an item that was stored after it, or
 * later than now. Ages are calculated from the corrected time; otherwise the removal of old messages would be
 * delayed by the time that the clock was ahead.
 */
import type { Seq } from '../ids.ts';

/**
 * Maximum time by which a clock may be set back, for example by NTP, without being recorded as a step, in
 * milliseconds.
 */
const TOLERATED = 1000;
/** Maximum number of recorded steps of the clock; older steps are dropped to limit the memory. */
const REMEMBERED = 100;

/** An item with the time at which it was stored and the seq of the change that stored it. */
export interface Timed {
  readonly seq: Seq;
  /** Time at which the item was stored, in milliseconds since the epoch, as the clock showed it. */
  readonly storedAt: number;
}

export class ClockSteps {
  /**
   * Recorded steps of the clock, ascending by seq: changes up to `seq` happened at the time `at` or earlier,
   * whatever time the clock showed.
   */
  #steps: { readonly seq: Seq; readonly at: number }[] = [];

  /**
   * Finds the steps of the clock in the stored items when the store starts. @param latestFirst the stored
   * items, the latest first
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

  /**
   * Compares the clock with the time of the item that was stored last, and records a step if the clock was set
   * back.
   */
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
