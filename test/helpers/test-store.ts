/**
 * The store of tests that need any store: in memory, or on PostgreSQL with `RESTANTE_TEST_STORE=postgres`, so that the
 * suites of the protocols run once more on PostgreSQL. Only then is the code for PostgreSQL loaded.
 */
import { openMemoryStore } from '../../server/store/memory/index.ts';
import type { StoreOptions } from '../../server/store/options.ts';
import type { Store } from '../../server/store/store.ts';
import type { TestDatabase } from './postgres.ts';

/** Returns an empty database for a test that does not need a certain store; `null` if the test uses the memory. */
export async function testDatabase(): Promise<TestDatabase | null> {
  if (process.env['RESTANTE_TEST_STORE'] !== 'postgres') return null;
  const { postgresServer, takeDatabase } = await import('./postgres.ts');
  return (await postgresServer()) === null ? null : takeDatabase();
}

export async function openTestStore(options: StoreOptions = {}): Promise<Store> {
  const database = await testDatabase();
  if (database === null) return openMemoryStore(options);
  const { openPostgresStore } = await import('../../server/store/postgres/index.ts');
  const store = await openPostgresStore(database.url, options);
  const close = store.close.bind(store);
  let closed: Promise<void> | undefined;
  store.close = () => (closed ??= close().then(database.release));
  return store;
}
