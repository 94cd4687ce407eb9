/** Repeats calls to the store while its database does not answer, for work that may wait. */
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError } from './store.ts';

/** Time between two attempts, in milliseconds. */
const PAUSE = 250;

/**
 * Calls `work`, and calls it again while it fails because the database does not answer.
 * @param isOver returns whether the caller no longer waits; the last error is then thrown
 */
export async function whenAvailable<T>(work: () => Promise<T>, isOver: () => boolean): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'unavailable' || isOver()) throw error;
      await pause(PAUSE, undefined, { ref: false });
    }
  }
}
