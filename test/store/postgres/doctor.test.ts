import { expect, it, onTestFinished } from 'vitest';
import { examineDatabase } from '../../../server/store/postgres/doctor.ts';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { emptyDatabase, postgresServer, runSql } from '../../helpers/postgres.ts';
import { newMessage } from '../new-message.ts';
import { alice, mailboxOf } from '../stores.ts';

const server = await postgresServer();

it.skipIf(server === null)('finds no fault in a store, and faults that were made by hand', async () => {
  const url = await emptyDatabase();
  const store = await openPostgresStore(url);
  onTestFinished(() => store.close());
  await store.accounts.open(alice);
  const { summary } = await store.messages.add(newMessage());
  await store.messages.add(newMessage({ subject: 'removed' }));
  const inbox = await mailboxOf(store, alice);
  await store.placements.setFlags(inbox.id, [1 as never], 'add', ['\\Seen']);
  await store.placements.expunge(inbox.id, [2 as never]);
  expect(await examineDatabase(url)).toMatchObject({ facts: { messages: 2, accounts: 2 }, problems: [] });
  const schema = new URL(url).searchParams.get('application_name') ?? '';
  await runSql(`delete from ${schema}.content where id = '${summary.id}'`);
  await runSql(`update ${schema}.mailbox set unseen = unseen + 1 where id = '${inbox.id}'`);
  expect((await examineDatabase(url)).problems).toEqual([
    { what: 'messages without their bytes', count: 1 },
    { what: 'mailboxes whose counters are wrong', count: 1 },
  ]);
});
