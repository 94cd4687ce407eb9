/**
 * Tells idling sessions of changes. Changes of a moment are told at once, one session after another, and in slices of time: a
 * thousand sessions on one mailbox must not keep the mail that comes in waiting.
 */
import { TimeSlice } from '../../store/time-slice.ts';

/** Milliseconds for which changes are collected before they are told. */
export const COLLECT = 30;

/** Calls `work` after so many milliseconds. */
export type Later = (work: () => void, milliseconds: number) => void;

export class Announcer {
  readonly #later: Later;
  #waiting = new Set<() => Promise<void>>();
  #busy = false;

  constructor(later: Later) {
    this.#later = later;
  }

  /** Calls `announce` once soon, however often it is added until then. It must not reject, nor wait for a client. */
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
    // A round that took long is followed by as long a rest.
    if (this.#waiting.size > 0) this.#schedule(Math.max(COLLECT, performance.now() - began));
  }
}
