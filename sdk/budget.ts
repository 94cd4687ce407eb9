/**
 * Determines the default timeout of a wait for mail: ten seconds, or less if the test runner's timeout is
 * earlier. The wait then fails before the runner's timeout, with an error that explains why no message
 * matched.
 */

/** The default timeout of a wait for mail, in milliseconds. */
const DEFAULT_TIMEOUT = 10_000;
/** The time between the end of a wait and the test runner's timeout, in milliseconds. */
const MARGIN = 250;
/**
 * The shortest default timeout of a wait, in milliseconds, which applies even if the test's time is almost
 * over.
 */
const LEAST = 50;

let endsAt = Infinity;

/**
 * Records that a test starts, and that the test runner will end it after `timeout` milliseconds; 0 and
 * `Infinity` mean no limit.
 */
export function beginBudget(timeout: number): void {
  endsAt = timeout > 0 ? performance.now() + timeout : Infinity;
}

export function endBudget(): void {
  endsAt = Infinity;
}

/** Returns the timeout of a wait whose caller set no timeout, in milliseconds. */
export function defaultTimeout(wished = DEFAULT_TIMEOUT): number {
  return Math.floor(Math.min(wished, Math.max(endsAt - performance.now() - MARGIN, LEAST)));
}
