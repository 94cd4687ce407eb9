/**
 * Times of a clock that was ahead for a while and was set back, as on a resumed virtual machine. Nothing can have been
 * stored later than something that was stored after it, or than now: so ages count from there, and age limits are not
 * delayed by the time that the clock was ahead.
 */
import type { Seq } from '../ids.ts';

/** Milliseconds that a clock may be moved back, by NTP for example, without a step being remembered. */
const TOLERATED = 1000;
/** Steps remembered; a clock that is set back more often is not worth the memory. */
const REMEMBERED = 100;

/** Anything that was stored at a time, by the change that stored it. */
export interface Timed {
  readonly seq: Seq;
  /** Milliseconds since the epoch, by the clock of that moment. */
  readonly storedAt: number;
}

export class ClockSteps {
  /** Changes up to `seq` happened at `at` or before it, whatever the clock showed. Ascending by seq. */
  #steps: { readonly seq: Seq; readonly at: number }[] = [];

  /** Takes in what is stored at start. @param latestFirst in the reverse of the order in which it was stored */
  load(latestFirst: Iterable<Timed>, now: number): void {
    let least = now;
    for (const { seq, storedAt } of latestFirst) {
      if (storedAt > least + TOLERATED && this.#steps[0]?.at !== least)
        this.#steps.unshift({ seq, at: least });
      least = Math.min(least, storedAt);
    }
    this.#steps = this.#steps.slice(-REMEMBERED);
  }

  /** Compares the clock with the latest that was stored. */
  observe(latest: Timed | undefined, now: number): void {
    if (latest === undefined || this.timeOf(latest) <= now + TOLERATED) return;
    this.#steps = [...this.#steps, { seq: latest.seq, at: now }].slice(-REMEMBERED);
  }

  /** When it was stored, at the latest: milliseconds since the epoch. */
  timeOf({ seq, storedAt }: Timed): number {
    let time = storedAt;
    for (const step of this.#steps) if (step.seq >= seq && step.at < time) time = step.at;
    return time;
  }
}
