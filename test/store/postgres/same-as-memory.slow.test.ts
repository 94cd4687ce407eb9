/** Tests that random operations leave the same mail, the same changes and the same UIDs in memory and on PostgreSQL. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import type { StoreOptions } from '../../../server/store/options.ts';
import { openMemoryStore } from '../../../server/store/memory/index.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { dump } from '../dump.ts';
import { operations, perform } from '../operations.ts';

const server = await postgresServer();

/** Returns a clock and a random source that give every store the same times and ids. */
function world(): StoreOptions {
  let now = 1_800_000_000_000;
  return { clock: () => (now += 7), random: () => 0.5 };
}

/** Times differ, because the stores read the clock in a different number of calls. */
const withoutTimes = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      ['createdAt', 'receivedAt', 'savedAt', 'uidValidity'].includes(key) ? 0 : each,
    ),
  );

/** Message ids contain the time: each is replaced by the number of its first occurrence. */
function numbered(value: unknown): unknown {
  const ids = new Map<string, string>();
  const text = JSON.stringify(value).replaceAll(/0[0-9a-z]{8}[0-9a-z]{7}/g, (id) => {
    const known = ids.get(id) ?? `id${ids.size}`;
    ids.set(id, known);
    return known;
  });
  return JSON.parse(text);
}

it.skipIf(server === null)('performs random operations as the store in memory does', async () => {
  await fc.assert(
    fc.asyncProperty(operations, async (list) => {
      const memory = await openMemoryStore(world());
      const store = await openPostgresStore(await emptyDatabase(), world());
      try {
        await perform(memory, list);
        await perform(store, list);
        expect(numbered(withoutTimes(await dump(store)))).toEqual(numbered(withoutTimes(await dump(memory))));
      } finally {
        await Promise.all([memory.close(), store.close()]);
      }
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
