/**
 * Schedules the reports of changes to sessions in IDLE. Changes are collected for a moment and then reported to
 * one session after another, in time slices, because the reports to a thousand sessions on one mailbox must not
 * delay the capture of mail.
 */
import { TimeSlice } from '../../async/time-slice.ts';

/** Time during which changes are collected before they are reported, in milliseconds. */
export const COLLECT = 30;

/** A timer function that calls `work` once after the given number of milliseconds. */
export type Later = (work: () => void, milliseconds: number) => void;

export class Announcer {
  readonly #later: Later;
  #waiting = new Set<() => Promise<void>>();
  #busy = false;

  constructor(later: Later) {
    this.#later = later;
  }

  /**
   * Schedules one call of `announce`, even if the same function is added several times. `announce` must not
   * reject, and must not wait for a client.
   */
  add(announce: () => Promise<void>): void {
    this.#waiting.add(announce);
    this.#schedule(COLLECT);
  }

  #schedule(milliseconds: number): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#later(() => void this.#round(), milliseconds);
  }

  async #round(): Promise<void> {
    const began = performance.now();
    const round = this.#waiting;
    this.#waiting = new Set();
    const slice = new TimeSlice();
    for (const announce of round) {
      await announce();
      if (slice.over) await slice.rest();
    }
    this.#busy = false;
    // The pause after a round of reports is at least as long as the round itself, so that reports take at most
    // half of the time.
    if (this.#waiting.size > 0) this.#schedule(Math.max(COLLECT, performance.now() - began));
  }
}
