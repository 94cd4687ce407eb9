/** Brings the schema of a database to the version that this program needs. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../store.ts';
import type { Connection, Database } from './database.ts';
import { stateOf } from './unavailable.ts';

/** SQLSTATE codes of errors that a migration handles. */
const MISSING_TABLE = '42P01';
const UNIQUE_VIOLATION = '23505';
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK = '40P01';

/**
 * The SQLSTATE codes after which a migration is attempted again. Two nodes may create the first table at the same time.
 * Running nodes lock the tables in another order than a migration does.
 */
const AGAIN: ReadonlySet<string> = new Set([UNIQUE_VIOLATION, LOCK_NOT_AVAILABLE, DEADLOCK]);
const ATTEMPTS = 100;
/** Pause before the next attempt, in milliseconds. */
const PAUSE = 200;
/**
 * Maximum time that a migration waits for the lock of a table, in milliseconds. It is shorter than the second after
 * which PostgreSQL ends one of two transactions that wait for each other, so the migration gives way to a commit.
 */
const LOCK_TIMEOUT = 500;

/** Returns the error for a schema that a newer version of Restante made. `known` is the latest version of this program. */
export const newerSchema = (version: number, known: number): StoreError =>
  new StoreError(
    'newer',
    `a newer version of Restante wrote it (its schema has version ${version}, this program knows ${known}): use that version, or another database`,
  );

/** Returns the version of the schema; 0 for a database without a schema. */
export async function versionOf(database: Database): Promise<number> {
  try {
    const [row] = await database.read<{ version: number }>('select version from schema_version');
    return row?.version ?? 0;
  } catch (error) {
    if (stateOf(error) === MISSING_TABLE) return 0;
    throw error;
  }
}

/** Returns the reason why a migration failed, as a text for the operator. */
function refusal(error: unknown): StoreError | undefined {
  const reason = error instanceof Error ? error.message : String(error);
  switch (stateOf(error)) {
    case '42501':
      return new StoreError(
        'unwritable',
        `The database user may not create the tables (${reason}): grant it CREATE on the schema and the database`,
        { cause: error },
      );
    case '58P01':
    case '0A000':
      return new StoreError(
        'unwritable',
        `The extension pg_trgm is missing (${reason}): install PostgreSQL's contrib package`,
        { cause: error },
      );
    default:
      return undefined;
  }
}

/**
 * Applies the migrations that are missing. Nodes that start at the same time wait for each other; nodes of the earlier
 * version that are running continue.
 * @param versions the SQL of the versions of the schema that this program knows
 * @throws StoreError `newer` for a schema of a newer version, `unwritable` if rights or the extension are missing
 */
export async function migrate(database: Database, versions: readonly string[]): Promise<void> {
  const version = await versionOf(database);
  if (version > versions.length) throw newerSchema(version, versions.length);
  if (version === versions.length) return;
  for (let attempt = 1; ; attempt++) {
    try {
      await database.transact((connection) => upgrade(connection, versions));
      return;
    } catch (error) {
      // `Database` wraps the error of a lock that was not available.
      const cause = error instanceof StoreError ? (error.cause ?? error) : error;
      if (attempt === ATTEMPTS || !AGAIN.has(stateOf(cause))) throw refusal(error) ?? error;
    }
    await sleep(PAUSE);
  }
}

async function upgrade(connection: Connection, versions: readonly string[]): Promise<void> {
  await connection.send('begin');
  await connection.send('create table if not exists schema_version (version integer not null)');
  await connection.send('lock table schema_version in access exclusive mode');
  await connection.send(`set local lock_timeout = '${LOCK_TIMEOUT}ms'`);
  const [row] = await connection.send<{ version: number }>('select version from schema_version');
  const from = row?.version ?? 0;
  if (from > versions.length) throw newerSchema(from, versions.length);
  for (const migration of versions.slice(from)) await connection.send(migration);
  if (from === 0) {
    const epoch = randomBytes(8).toString('hex');
    await connection.send({ text: 'insert into head (epoch) values ($1)', values: [epoch] });
  }
  await connection.send('delete from schema_version');
  await connection.send({ text: 'insert into schema_version values ($1)', values: [versions.length] });
  await connection.commit();
}
