/** Brings the schema of a database to the version that this program needs. */
import { randomBytes } from 'node:crypto';
import { StoreError } from '../store.ts';
import type { Database } from './database.ts';
import { migrations } from './migrations/index.ts';
import { stateOf } from './unavailable.ts';

/** SQLSTATE codes of errors that a migration handles. */
const MISSING_TABLE = '42P01';
const UNIQUE_VIOLATION = '23505';

/** Returns the error for a schema that a newer version of Restante made. */
export const newerSchema = (version: number): StoreError =>
  new StoreError(
    'newer',
    `a newer version of Restante wrote it (its schema has version ${version}, this program knows ${migrations.length}): use that version, or another database`,
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
 * Applies the migrations that are missing. Nodes that start at the same time wait for each other.
 * @throws StoreError `newer` for a schema of a newer version, `unwritable` if rights or the extension are missing
 */
export async function migrate(database: Database): Promise<void> {
  const version = await versionOf(database);
  if (version > migrations.length) throw newerSchema(version);
  if (version === migrations.length) return;
  try {
    await database.transact(async (connection) => {
      await connection.send('begin');
      await connection.send('create table if not exists schema_version (version integer not null)');
      await connection.send('lock table schema_version in access exclusive mode');
      const [row] = await connection.send<{ version: number }>('select version from schema_version');
      const from = row?.version ?? 0;
      if (from > migrations.length) throw newerSchema(from);
      for (const migration of migrations.slice(from)) await connection.send(migration);
      if (from === 0) {
        const epoch = randomBytes(8).toString('hex');
        await connection.send({ text: 'insert into head (epoch) values ($1)', values: [epoch] });
      }
      await connection.send('delete from schema_version');
      await connection.send({ text: 'insert into schema_version values ($1)', values: [migrations.length] });
      await connection.commit();
    });
  } catch (error) {
    // This error occurs if two nodes create the first table at the same time; the second attempt succeeds.
    if (stateOf(error) === UNIQUE_VIOLATION) return migrate(database);
    throw refusal(error) ?? error;
  }
}
