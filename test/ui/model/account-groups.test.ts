/** Tests the groups of accounts in the sidebar. */
import { expect, it } from 'vitest';
import type { Account } from '../../../contract/index.ts';
import { groupAccounts } from '../../../ui/model/account-groups.ts';

const account = (name: string, minute: number, unread = 0): Account => ({
  ...{ name, unread, messages: 1, minted: false, hasPassword: false },
  createdAt: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
});

it('groups accounts by domain, those with unread mail first, then the newest', () => {
  const groups = groupAccounts([
    account('a@x.test', 1),
    account('b@Y.test', 2, 3),
    account('c@x.test', 3, 2),
    account('d@y.test', 4),
    account('app', 5),
  ]);
  expect(
    groups.map(({ domain, unread, accounts }) => [domain, unread, accounts.map(({ name }) => name)]),
  ).toEqual([
    ['x.test', 2, ['c@x.test', 'a@x.test']],
    ['y.test', 3, ['b@Y.test', 'd@y.test']],
    ['', 0, ['app']],
  ]);
});
