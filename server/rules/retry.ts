/** The schedule for retries of a failed effect. */

/** Milliseconds before each retry. If the last retry fails, the effect has failed permanently. */
const RETRY_AFTER = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** Returns the milliseconds to wait after the given number of attempts; `undefined` after the last one. */
export const retryAfter = (tries: number): number | undefined => RETRY_AFTER[tries - 1];

/**
 * Returns the milliseconds until an instant that was set `wait` milliseconds ahead. The result is at most `wait`,
 * also if the clock was set back since then.
 */
export const remaining = (at: number, wait: number, now: number): number =>
  Math.min(Math.max(0, at - now), wait);
