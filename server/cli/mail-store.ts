/** Opens the store of a data directory, for commands that use the directory while no server uses it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemWords } from '../net/system-words.ts';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { openJsonStore } from '../store/json/index.ts';
import { StoreError, type Store } from '../store/store.ts';
import { CommandError } from './error.ts';

interface Wanted {
  /** The advice that the user gets if a running server uses the data directory. */
  readonly alternative: string;
  /** The kind of access: `read` does not change the directory, which must exist; `write` creates it if needed. */
  readonly access: 'read' | 'write';
}

/**
 * Opens the store. Throws `CommandError` when the directory cannot be used; if a server uses the directory,
 * the error says so.
 */
export async function openDataDirectory(
  data: string | undefined,
  { alternative, access }: Wanted,
): Promise<Store> {
  const directory = path.resolve(data ?? process.env['RESTANTE_DATA'] ?? defaultDataDirectory());
  if (access === 'read' && !existsSync(directory)) {
    throw new CommandError(`The data directory ${directory} does not exist: choose another with --data`);
  }
  try {
    return await openJsonStore(directory, {
      access,
      report: (text) => process.stderr.write(`restante: ${text}\n`),
    });
  } catch (error) {
    if (!(error instanceof StoreError)) {
      throw new CommandError(`${directory} cannot be used: ${systemWords(error)}`);
    }
    const hint = error.code === 'locked' ? `; ${alternative}` : '';
    const where = error.message.includes(directory) ? '' : `${directory}: `;
    throw new CommandError(`${where}${error.message}${hint}`);
  }
}
