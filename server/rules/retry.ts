/** The times at which a failed effect is retried. */

/** Milliseconds before each retry; after the last one the effect has failed finally. */
const RETRY_AFTER = [1000, 5000, 30_000, 120_000, 600_000, 3_600_000] as const;

/** Milliseconds to wait after a number of tries; `undefined` after the last one. */
export const retryAfter = (tries: number): number | undefined => RETRY_AFTER[tries - 1];

/**
 * Milliseconds until an instant that was set `wait` milliseconds ahead. A clock that was set back since then makes it
 * no longer than that wait: a time in the future counts as now.
 */
export const remaining = (at: number, wait: number, now: number): number =>
  Math.min(Math.max(0, at - now), wait);
