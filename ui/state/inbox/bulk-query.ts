/** The account and query of the open list, in the form that a request for many messages needs. */
import type { ScopeQuery } from '../../../contract/index.ts';
import { rows, scope } from './list.ts';

/**
 * Returns the query for the messages that are in the open list now, excluding messages that arrive later;
 * null for an empty list.
 */
export function asTheyAre(): ScopeQuery | null {
  const current = scope.value;
  const newest = rows.value[0];
  if (current === null || newest === undefined) return null;
  const until = `before:${new Date(Date.parse(newest.receivedAt) + 1).toISOString()}`;
  const query = current.query === '' ? until : `(${current.query}) ${until}`;
  return { account: current.account, query };
}
