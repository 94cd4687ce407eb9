/** Opens the store in a database, and waits for a database that does not answer yet. */
import { setTimeout as pause } from 'node:timers/promises';
import { systemWords } from '../net/system-words.ts';
import type { StoreOptions } from '../store/options.ts';
import { locationOf } from '../store/postgres/location.ts';
import { StoreError, type Store } from '../store/store.ts';
import { StartError } from './start-error.ts';

/**
 * The number of attempts to reach the database at the start, and the pause between two attempts in milliseconds: a
 * database that is started together with Restante, or that fails over, takes some seconds.
 */
const ATTEMPTS = 30;
const PAUSE = 1000;

/**
 * Opens the store. The code and the driver of this store are loaded only here, because most sandboxes do not need
 * them.
 * @param stop when this signal is aborted, the start no longer waits
 * @throws StartError if the database cannot be used, or does not answer for half a minute
 */
export async function openDatabase(
  url: string,
  options: StoreOptions,
  stop: AbortSignal | null,
): Promise<Store> {
  const { openPostgresStore } = await import('../store/postgres/index.ts');
  for (let attempt = 1; ; attempt++) {
    try {
      return await openPostgresStore(url, options);
    } catch (error) {
      const isLate = error instanceof StoreError && error.code === 'unavailable';
      if (!isLate || attempt === ATTEMPTS || stop?.aborted === true) {
        const hint = isLate ? `; check --store, and that the database runs` : '';
        throw new StartError(`Cannot store mail in ${locationOf(url)}: ${systemWords(error)}${hint}`, {
          cause: error,
        });
      }
      if (attempt === 1) options.report?.(`Waiting for ${locationOf(url)}: ${error.message}`);
      // If `stop` is aborted, the pause ends at once, and the next attempt is the last attempt.
      await pause(PAUSE, undefined, stop === null ? {} : { signal: stop }).catch(() => undefined);
    }
  }
}
