import { describe, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { storeConformance } from '../conformance.ts';

const server = await postgresServer();

describe.skipIf(server === null)('a store on PostgreSQL', () =>
  storeConformance(async (options) => {
    const store = await openPostgresStore(await emptyDatabase(), options);
    onTestFinished(() => store.close());
    return store;
  }),
);
