/** The account and query of the open list, in the form that a request for many messages needs. */
import type { ScopeQuery } from '../../../contract/index.ts';
import { rows, scope } from './list.ts';

/**
 * Returns the query for the messages that are in the open list now, excluding messages that arrive later;
 * null for an empty list.
 */
export function asTheyAre(): ScopeQuery | null {
  const current = scope.value;
  if (current === null || rows.value.length === 0) return null;
  // A restored message is first in the list, although it was received before other messages.
  const newest = rows.value.reduce((time, row) => Math.max(time, Date.parse(row.receivedAt)), 0);
  const until = `before:${new Date(newest + 1).toISOString()}`;
  const query = current.query === '' ? until : `(${current.query}) ${until}`;
  return { account: current.account, query };
}
