/**
 * Schedules the reports of changes to idling sessions. Changes are collected for a moment and then reported to one
 * session after another, in time slices: a thousand sessions on one mailbox must not delay captures.
 */
import { TimeSlice } from '../../async/time-slice.ts';

/** Milliseconds for which changes are collected before they are reported. */
export const COLLECT = 30;

/** Calls `work` after a number of milliseconds. */
export type Later = (work: () => void, milliseconds: number) => void;

export class Announcer {
  readonly #later: Later;
  #waiting = new Set<() => Promise<void>>();
  #busy = false;

  constructor(later: Later) {
    this.#later = later;
  }

  /**
   * Schedules one call of `announce`, even if it is added several times. It must not reject, and must not wait for a
   * client.
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
    // The pause after a round is at least as long as the round.
    if (this.#waiting.size > 0) this.#schedule(Math.max(COLLECT, performance.now() - began));
  }
}
