/** Opens the store of a data directory that no server uses, or of a database, for commands that import or export. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { systemWords } from '../net/system-words.ts';
import { defaultDataDirectory } from '../sandbox/open-store.ts';
import { openJsonStore } from '../store/json/index.ts';
import { StoreError, type Store } from '../store/store.ts';
import { locationOf } from '../store/postgres/location.ts';
import { CommandError, USAGE } from './error.ts';

/** The options that select the store; at most one of them may be given. */
export interface MailPlace {
  readonly data: string | undefined;
  readonly store: string | undefined;
}

interface Wanted {
  /** The advice that the user gets if a running server uses the data directory. */
  readonly alternative: string;
  /** The kind of access: `read` does not change the directory, which must exist; `write` creates it if needed. */
  readonly access: 'read' | 'write';
}

/** Opens the store in a data directory or in a database, which running servers may use meanwhile. */
export async function openMail({ data, store }: MailPlace, wanted: Wanted): Promise<Store> {
  if (store === undefined) return openDataDirectory(data, wanted);
  if (data !== undefined) throw new CommandError('Give either --data or --store', USAGE);
  const { hasTables, openPostgresStore } = await import('../store/postgres/index.ts');
  const where = locationOf(store);
  try {
    if (wanted.access === 'write' || (await hasTables(store))) return await openPostgresStore(store);
  } catch (error) {
    throw new CommandError(`${where} cannot be used: ${systemWords(error)}`);
  }
  throw new CommandError(`${where} contains no mail of Restante: check --store`);
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
