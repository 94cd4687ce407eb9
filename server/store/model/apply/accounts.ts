/** Applies log entries that change accounts and records to the state. */
import type { Change } from '../../changes.ts';
import type { AccountEntry, AccountGoneEntry, RecordEntry } from '../entry.ts';
import type { State } from '../state.ts';

export function account(state: State, entry: AccountEntry): readonly Change[] {
  const known = state.accounts.get(entry.account) ?? state.addAccount(entry.account, entry.createdAt);
  known.createdAt = entry.createdAt;
  known.opened = entry.opened;
  known.minted = entry.minted;
  known.password = entry.password;
  return entry.change === null ? [] : [{ kind: entry.change, seq: entry.seq, account: entry.account }];
}

export function accountGone(state: State, entry: AccountGoneEntry): readonly Change[] {
  const known = state.accounts.get(entry.account);
  if (known !== undefined) state.dropAccount(known);
  return [{ kind: 'account-removed', seq: entry.seq, account: entry.account }];
}

export function record(state: State, entry: RecordEntry): readonly Change[] {
  const { collection, key } = entry;
  const records = state.records.get(collection) ?? new Map<string, unknown>();
  const removed = entry.value === undefined;
  if (removed) records.delete(key);
  else records.set(key, entry.value);
  if (records.size === 0) state.records.delete(collection);
  else state.records.set(collection, records);
  return entry.kept === true ? [] : [{ kind: 'record', seq: entry.seq, collection, key, removed }];
}
