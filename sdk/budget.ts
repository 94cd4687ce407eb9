/**
 * The default timeout of a wait: ten seconds, or the time that the test runner leaves. The wait's own error with its reasons
 * is then thrown before the runner's timeout.
 */

/** Milliseconds. */
export const DEFAULT_TIMEOUT = 10_000;
/** Milliseconds between the end of a wait and the runner's timeout. */
const MARGIN = 250;
/** The least timeout in milliseconds, even when the test's time is almost over. */
const LEAST = 50;

let endsAt = Infinity;

/** Records that a test starts and that its runner ends it after `timeout` milliseconds; 0 and infinity mean no limit. */
export function beginBudget(timeout: number): void {
  endsAt = timeout > 0 ? performance.now() + timeout : Infinity;
}

export function endBudget(): void {
  endsAt = Infinity;
}

/** The timeout in milliseconds of a wait whose caller gave none. */
export function defaultTimeout(wished = DEFAULT_TIMEOUT): number {
  return Math.floor(Math.min(wished, Math.max(endsAt - performance.now() - MARGIN, LEAST)));
}
