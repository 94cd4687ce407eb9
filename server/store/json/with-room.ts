/** Runs the writes with which a store opens its directory, before the object for all later writes exists. */
import { isDiskFull } from '../storage-reason.ts';
import { dropSegments } from './search-segments.ts';
import type { Reserve } from './reserve.ts';

/**
 * Runs `work`. If the disk is full, frees the space of the `reserve` file, then deletes the caches, and runs
 * `work` again after each step.
 */
export async function withRoom<T>(
  directory: string,
  reserve: Reserve,
  work: () => T | Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDiskFull(error) || !(reserve.release(true) || dropSegments(directory))) throw error;
    }
  }
}
