import { expect, it, onTestFinished } from 'vitest';
import { copyInto } from '../../../server/store/postgres/copy.ts';
import { examineDatabase } from '../../../server/store/postgres/doctor.ts';
import { openPostgresStore } from '../../../server/store/postgres/index.ts';
import { ALL } from '../../../server/store/ids.ts';
import { emptyDatabase, postgresServer } from '../../helpers/postgres.ts';
import { dump } from '../dump.ts';
import { newMessage } from '../new-message.ts';
import { alice, bob, mailboxOf, openMemory, uids } from '../stores.ts';

const server = await postgresServer();

it.skipIf(server === null)('copies accounts, mailboxes, messages, flags, UIDs and records', async () => {
  const source = await openMemory();
  await source.accounts.open(alice);
  await source.accounts.mint(bob, 'secret');
  await source.messages.add(
    newMessage({ to: [alice, bob], subject: 'first' }, { tags: ['t'], notes: { n: [1] } }),
  );
  await source.messages.add(newMessage({ subject: 'gone' }));
  await source.messages.add(newMessage({ subject: 'third' }));
  const inbox = await mailboxOf(source, alice);
  await source.placements.expunge(inbox.id, uids(2));
  await source.placements.setFlags(inbox.id, uids(3), 'add', ['\\Seen', 'Work']);
  await source.placements.copy(inbox.id, uids(3), (await mailboxOf(source, alice, 'Archive')).id);
  await source.records.collection('rules').put('r', { a: 1 });
  const url = await emptyDatabase();
  expect(await copyInto(url, source)).toEqual({ messages: 3, accounts: 3 });
  expect((await examineDatabase(url)).problems).toEqual([]);
  const copied = await openPostgresStore(url);
  onTestFinished(() => copied.close());
  // The histories of changes and expunges are not copied.
  const comparable = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value, (key, each: unknown) => (['expunged', 'changes'].includes(key) ? null : each)),
    );
  expect(comparable(await dump(copied))).toEqual(comparable(await dump(source)));
  const { seq, places } = await copied.messages.add(newMessage());
  expect(seq).toBe(source.changes.seq + 1);
  expect(places).toMatchObject([
    { account: alice, uid: 4 },
    { account: ALL, uid: 4 },
  ]);
  await expect(copyInto(url, source)).rejects.toMatchObject({ code: 'exists' });
});
