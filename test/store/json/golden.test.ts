/** Tests that a directory that version 0.1.0 wrote is opened with all its data. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { examine } from '../../../server/store/json/doctor.ts';
import { accountName } from '../../../server/store/ids.ts';
import { parseQuery } from '../../../server/store/find/language/parse.ts';
import { alice, contents, mailboxOf, openIn, temporaryDirectory } from '../stores.ts';

const VERSION_1 = path.join(import.meta.dirname, 'version-1');

it('opens a directory of version 1 of the log, and finds no damage', async () => {
  const directory = temporaryDirectory();
  await cp(VERSION_1, directory, { recursive: true });
  expect((await examine(directory)).problems.map(({ kind }) => kind)).toEqual(['log-version']);
  const store = await openIn(directory);
  expect(await store.facts()).toMatchObject({ messages: 5, accounts: 4, warnings: [] });
  const { messages } = await store.messages.list({ limit: 9 });
  expect(messages.map(({ summary }) => summary.subject)).toEqual([
    'Golden late',
    'Golden 3',
    'Golden 2',
    'Golden 1',
    'Golden 0',
  ]);
  const inbox = await mailboxOf(store, alice);
  expect(inbox.uidValidity).toBe(1796004007);
  expect(await contents(store, inbox.id)).toEqual(['1:\\Seen k', '2:\\Seen k', '3:\\Flagged', '6:']);
  expect(await contents(store, (await mailboxOf(store, alice, 'Work/2026')).id)).toEqual(['1:']);
  expect(await store.accounts.credentials(accountName('minted@example.test'))).toMatchObject({
    password: 'secret',
  });
  expect(await store.records.collection('rules').get('r1')).toEqual({ name: 'rule' });
  const oldest = messages.at(-1)!.summary;
  expect(oldest.tags).toEqual(['kept']);
  expect((await store.messages.get(oldest.id))?.notes).toEqual({ late: true });
  expect((await store.messages.list({ limit: 9, query: parseQuery('body:"golden text"') })).total).toBe(4);
});
