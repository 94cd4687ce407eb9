/** The store of a data directory, for commands that work on it while no server does. */
import path from 'node:path';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { openJsonStore } from '../store/json/store.ts';
import { StoreError, type Store } from '../store/store.ts';
import { CommandError } from './error.ts';

/** Throws `CommandError` when the directory cannot be used; a running server is named. */
export async function openDataDirectory(data: string | undefined, alternative: string): Promise<Store> {
  const directory = path.resolve(data ?? process.env['RESTANTE_DATA'] ?? defaultDataDirectory());
  try {
    return await openJsonStore(directory);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const hint = error.code === 'locked' ? `; ${alternative}` : '';
    throw new CommandError(`${error.message}${hint}`);
  }
}
