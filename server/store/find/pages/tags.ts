/** Counts, for each tag, the messages with this tag in the INBOX of an account. */
import type { AccountName } from '../../ids.ts';
import type { State } from '../../model/state.ts';

export function countTags(
  state: State,
  account: AccountName,
): readonly { readonly tag: string; readonly messages: number }[] {
  const counts = new Map<string, number>();
  for (const placement of state.accounts.get(account)?.inbox?.placements.ascending() ?? []) {
    for (const tag of placement.record.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].map(([tag, messages]) => ({ tag, messages })).sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
