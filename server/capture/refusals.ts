/** SMTP sessions that were refused or abandoned lately: what explains mail that never arrived. */

export interface Refusal {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly peer: string | null;
  readonly user: string | null;
  readonly from: string | null;
  readonly to: readonly string[];
  /** The last refusal as sent. */
  readonly reply: string;
  /** The rule that made it so. */
  readonly rule: string | null;
}

/** Enough to explain a failing test run; a flood of refusals must not fill memory. */
const KEPT = 200;

export class Refusals {
  #kept: Refusal[] = [];
  #total = 0;

  add(refusal: Refusal): void {
    this.#total++;
    this.#kept.push(refusal);
    if (this.#kept.length > KEPT) this.#kept = this.#kept.slice(-KEPT);
  }

  /** Those at or after an instant, oldest first. */
  since(at: number): readonly Refusal[] {
    return this.#kept.filter((refusal) => refusal.at >= at);
  }

  /** How many there were since the start. */
  get total(): number {
    return this.#total;
  }
}
