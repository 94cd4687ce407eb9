/** The open list's scope as a bulk call takes it. */
import type { ScopeQuery } from '../../../contract/index.ts';
import { rows, scope } from './list.ts';

/** Everything that is in the open list now, not what arrives meanwhile; null when it is empty. */
export function asTheyAre(): ScopeQuery | null {
  const current = scope.value;
  const newest = rows.value[0];
  if (current === null || newest === undefined) return null;
  const until = `before:${new Date(Date.parse(newest.receivedAt) + 1).toISOString()}`;
  const query = current.query === '' ? until : `(${current.query}) ${until}`;
  return { account: current.account, query };
}
