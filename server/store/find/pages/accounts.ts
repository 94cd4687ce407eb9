/**
 * Returns the accounts of the store page by page: first the account `all`, then the others, newest first.
 * Message counts and sizes are determined only for the accounts of the requested page.
 */
import { ALL, type AccountName } from '../../ids.ts';
import type { AccountState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import type { AccountPage, AccountsRequest } from '../../store.ts';
import { cursorOf, parseCursor } from './account-cursor.ts';

export function listAccounts(state: State, { name = '', limit, cursor }: AccountsRequest): AccountPage {
  const wanted = name.toLowerCase();
  const matches = (account: AccountState): boolean =>
    wanted === '' || account.name.toLowerCase().includes(wanted);
  const page: AccountState[] = [];
  let more = false;
  for (const account of rows(state, cursor)) {
    if (!matches(account)) continue;
    more = page.length >= limit;
    if (more) break;
    page.push(account);
  }
  const last = page.at(-1);
  return {
    accounts: page.map((account) => account.info()),
    total: wanted === '' ? state.accounts.size : count(state.accounts.values(), matches),
    next: more && last !== undefined ? cursorOf(last) : null,
  };
}

function* rows(state: State, cursor: string | undefined): Generator<AccountState> {
  const all = state.accounts.get(ALL);
  if (cursor === undefined && all !== undefined) yield all;
  for (const account of cursor === undefined ? state.creations.descending() : rowsAfter(state, cursor)) {
    if (account !== all) yield account;
  }
}

/**
 * Returns the accounts that follow a page cursor. If the account at the cursor was removed, accounts that were
 * created in the same millisecond may be listed twice, but no account is skipped.
 */
function* rowsAfter(state: State, cursor: string): Generator<AccountState> {
  const { since, name } = parseCursor(cursor);
  if (name === ALL) {
    yield* state.creations.descending();
    return;
  }
  const known = state.accounts.get(name as AccountName);
  const below = known?.since === since ? known.order : undefined;
  for (const account of state.creations.descending(below)) {
    if (account.since <= since) yield account;
  }
}

function count<T>(items: Iterable<T>, matches: (item: T) => boolean): number {
  let found = 0;
  for (const item of items) if (matches(item)) found++;
  return found;
}
