/**
 * Tests that no error of a lock reaches a caller when nodes capture, change, move and delete the same messages at once.
 */
import { expect, it, onTestFinished } from 'vitest';
import { ALL } from '../../../server/store/ids.ts';
import { StoreError } from '../../../server/store/store.ts';
import { openPostgresStore, type PostgresStore } from '../../../server/store/postgres/index.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf } from '../stores.ts';

const server = await postgresServer();

/** The errors that a caller may get because another node was faster: the mailbox or the message is gone. */
const isExpected = (error: unknown): boolean => error instanceof StoreError && error.code === 'not-found';

const tasks: readonly ((store: PostgresStore, round: number) => Promise<unknown>)[] = [
  (store) => store.messages.addAll([newMessage({ to: [alice, bob] }), newMessage({ to: [bob, alice] })]),
  (store) => store.messages.addAll([newMessage({ to: [bob] }), newMessage({ to: [alice] })]),
  async (store, round) => {
    const { messages } = await store.messages.list({ limit: 4, order: 'oldest' });
    const ids = messages.map(({ summary }) => summary.id);
    await store.messages.remove(round % 2 === 0 ? ids : ids.reverse(), round % 3 === 0 ? ALL : alice);
  },
  async (store) => {
    const [from, to] = await Promise.all([mailboxOf(store, alice), mailboxOf(store, alice, 'Archive')]);
    const uids = (await store.placements.list(from.id)).slice(0, 5).map(({ uid }) => uid);
    await store.placements.move(from.id, uids, to.id);
    await store.placements.copy(to.id, uids, from.id);
  },
  async (store) => {
    const inbox = await mailboxOf(store, bob);
    const uids = (await store.placements.list(inbox.id)).map(({ uid }) => uid).reverse();
    await store.placements.setFlags(inbox.id, uids, 'add', ['\\Seen']);
    await store.placements.expunge(inbox.id, uids.slice(0, 2));
  },
  (store) => store.messages.markMatching({ account: bob }, { flagged: true, addTags: ['t'] }),
  (store, round) =>
    store.cells.collection<number>('c').update(`${round % 2}`, () => ({ value: round, result: 0 })),
  (store, round) => store.records.collection<number>('r').update(`${round % 2}`, () => round),
  (store) => store.nodes.ask('nothing', null),
  (store) => store.indexed(),
];

it.skipIf(server === null)('lets nodes change the same mail at once without a deadlock', async () => {
  const url = await emptyDatabase();
  const stores: PostgresStore[] = [];
  for (let node = 0; node < 2; node++) {
    // Retention removes the oldest messages while other calls move them.
    const store = await openPostgresStore(url, { retention: { maxMessages: 60 } });
    onTestFinished(() => store.close());
    stores.push(store);
  }
  const [one] = stores as [PostgresStore];
  for (const name of [alice, bob]) await one.accounts.open(name);
  await one.mailboxes.create(alice, 'Archive').catch((error: unknown) => {
    if (!(error instanceof StoreError) || error.code !== 'exists') throw error;
  });
  const unexpected: unknown[] = [];
  await Promise.all(
    stores.flatMap((store) =>
      tasks.map(async (task) => {
        for (let round = 0; round < 25; round++) {
          await task(store, round).catch((error: unknown) => {
            if (!isExpected(error)) unexpected.push(error);
          });
        }
      }),
    ),
  );
  expect(unexpected).toEqual([]);
});
