/** The schedule for retrying a failed action of a rule. */

/**
 * The delay before each retry, in milliseconds. If the last retry fails, the action has failed permanently.
 */
const RETRY_AFTER = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** The time until an action is tried again after the store did not answer, in milliseconds. */
export const STORE_PAUSE = 2000;

/**
 * Returns the milliseconds to wait before the next retry after the given number of attempts; `undefined` if
 * no retry is left.
 */
export const retryAfter = (tries: number): number | undefined => RETRY_AFTER[tries - 1];

/**
 * Returns the milliseconds that remain until an instant, which was once set to `wait` milliseconds in the
 * future. The result is never more than `wait`, even if the clock was set back in the meantime.
 */
export const remaining = (at: number, wait: number, now: number): number =>
  Math.min(Math.max(0, at - now), wait);
