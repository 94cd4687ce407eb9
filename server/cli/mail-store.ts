/** The store of a data directory, for commands that work on it while no server does. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemWords } from '../net/system-words.ts';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { openJsonStore } from '../store/json/store.ts';
import { StoreError, type Store } from '../store/store.ts';
import { CommandError } from './error.ts';

interface Wanted {
  /** What the user can do while a server uses the directory. */
  readonly alternative: string;
  /** Whether it has to be there already: nothing can be read from a new one. */
  readonly existing: boolean;
}

/** Throws `CommandError` when the directory cannot be used; a running server is named. */
export async function openDataDirectory(
  data: string | undefined,
  { alternative, existing }: Wanted,
): Promise<Store> {
  const directory = path.resolve(data ?? process.env['RESTANTE_DATA'] ?? defaultDataDirectory());
  if (existing && !existsSync(directory)) {
    throw new CommandError(`There is no data directory ${directory}: name it with --data`);
  }
  try {
    return await openJsonStore(directory);
  } catch (error) {
    if (!(error instanceof StoreError)) {
      throw new CommandError(`${directory} cannot be used: ${systemWords(error)}`);
    }
    const hint = error.code === 'locked' ? `; ${alternative}` : '';
    throw new CommandError(`${error.message}${hint}`);
  }
}
