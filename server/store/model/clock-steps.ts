/**
 * Corrects the storage times of messages if the system clock was ahead for a while and was then set back, as
 * on a resumed virtual machine. A message cannot have been stored later than the messages that were stored
 * after it, or later than now. The age of a message is calculated from the corrected time; otherwise old
 * messages would be removed too late.
 */
import type { Seq } from '../ids.ts';

/**
 * Tolerance in milliseconds: no step is recorded if the clock is set back by at most this time, for example
 * by NTP.
 */
const TOLERATED = 1000;
/** Maximum number of recorded steps of the clock; older steps are dropped to limit the memory. */
const REMEMBERED = 100;

/** A step of the clock: changes up to `seq` happened at the time `at` or earlier, whatever time the clock showed. */
export interface ClockStep {
  readonly seq: Seq;
  readonly at: number;
}

/**
 * A stored item (a message or a placement in a mailbox): the time at which it was stored, and the number
 * (seq) of the change that stored it.
 */
export interface Timed {
  readonly seq: Seq;
  /** Time at which the item was stored, in milliseconds since the epoch, as the clock showed it. */
  readonly storedAt: number;
}

export class ClockSteps {
  /**
   * Recorded steps of the clock (moments when it was set back), ascending by `seq`. Changes up to the number
   * `seq` happened at the time `at` or earlier, even if the clock showed a later time.
   */
  #steps: ClockStep[] = [];

  /** Recorded steps of the clock, ascending by change number (seq). */
  get steps(): readonly ClockStep[] {
    return this.#steps;
  }

  /** Restores steps of the clock that `steps` returned before. */
  restore(steps: readonly ClockStep[]): void {
    this.#steps = [...steps];
  }

  /**
   * Finds earlier steps of the clock when the store is opened, from the times of the stored items.
   * @param latestFirst the stored items, the latest first
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

  /**
   * Returns the corrected time at which an item was stored, in milliseconds since the epoch: the latest
   * possible time.
   */
  timeOf({ seq, storedAt }: Timed): number {
    let time = storedAt;
    for (const step of this.#steps) if (step.seq >= seq && step.at < time) time = step.at;
    return time;
  }
}
