/** The delay before a deferred delivery is retried. */
import type { RelayTiming } from './options.ts';

/**
 * Returns the milliseconds to wait before the next round of delivery attempts, after the given number of rounds
 * (1 or more).
 *
 * @param random returns a uniformly distributed number in [0, 1)
 */
export function waitAfter(
  rounds: number,
  { delays, jitter }: Pick<RelayTiming, 'delays' | 'jitter'>,
  random: () => number,
): number {
  const delay = delays[Math.min(rounds, delays.length) - 1] ?? 0;
  return Math.round(delay * (1 + jitter * (2 * random() - 1)));
}
