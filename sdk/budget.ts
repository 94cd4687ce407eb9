/**
 * How long a wait may take when nobody says: ten seconds, or what a test runner leaves, so that the wait's own error
 * with its reasons comes before the runner's bare timeout.
 */

/** Milliseconds. */
export const DEFAULT_TIMEOUT = 10_000;
/** Milliseconds between a wait's end and the runner's. */
const MARGIN = 250;
/** Milliseconds that even a test which is nearly over leaves a wait. */
const LEAST = 50;

let endsAt = Infinity;

/** A test begins that its runner ends after `timeout` milliseconds; 0 and infinity are no limit. */
export function beginBudget(timeout: number): void {
  endsAt = timeout > 0 ? performance.now() + timeout : Infinity;
}

export function endBudget(): void {
  endsAt = Infinity;
}

/** Milliseconds for a wait whose caller did not say. */
export function defaultTimeout(wished = DEFAULT_TIMEOUT): number {
  return Math.floor(Math.min(wished, Math.max(endsAt - performance.now() - MARGIN, LEAST)));
}
