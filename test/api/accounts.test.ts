/**
 * Tests that the pages of the account list need a bounded amount of work and have a bounded size, regardless of
 * the number of accounts.
 */
import { expect, it, vi } from 'vitest';
import type { AccountList } from '../../contract/index.ts';
import { AccountState } from '../../server/store/model/mail.ts';
import { State } from '../../server/store/model/state.ts';
import { ChangeRing } from '../../server/store/model/change-ring.ts';
import { listAccounts } from '../../server/store/find/pages/accounts.ts';
import { ALL, accountName } from '../../server/store/ids.ts';
import { createClient } from '../../sdk/client.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

it('builds the facts of ten accounts for a page of ten', () => {
  const state = new State(new ChangeRing(() => undefined));
  state.addAccount(ALL, 1);
  for (let n = 0; n < 100_000; n++) state.addAccount(accountName(`user${n}@x.test`), n + 2);
  const info = vi.spyOn(AccountState.prototype, 'info');
  const page = listAccounts(state, { limit: 10 });
  expect(info).toHaveBeenCalledTimes(10);
  expect(page).toMatchObject({ total: 100_001 });
  expect(page.accounts.slice(0, 2).map(({ name }) => name)).toEqual([ALL, 'user99999@x.test']);
  expect(JSON.stringify(page).length).toBeLessThan(2000);
  info.mockRestore();
});

it('lists accounts in pages, by name, and refuses an invalid cursor', async () => {
  const sandbox = await startTestSandbox();
  const { store } = sandbox.sandbox;
  for (let n = 0; n < 1005; n++) await store.accounts.open(accountName(`user${n}@x.test`));
  const page = await sandbox.json<AccountList>('accounts');
  expect([page.accounts.length, page.total]).toEqual([1000, 1006]);
  const found = await sandbox.json<AccountList>('accounts?name=USER7@&limit=1');
  expect(found).toMatchObject({ accounts: [{ name: 'user7@x.test' }], total: 1, next: null });
  const names = new Set<string>();
  for await (const { name } of createClient({ url: sandbox.url }).allAccounts()) names.add(name);
  expect(names.size).toBe(1006);
  const refused = await sandbox.api('accounts?cursor=!');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ type: 'urn:restante:invalid-cursor' });
});
