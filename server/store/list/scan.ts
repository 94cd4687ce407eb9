/**
 * Everything in an INBOX that a query matches, in one pass, as it stood when the pass began: placements are
 * immutable, so a list of them is a snapshot that nobody disturbs while others get their turn. Messages that go in
 * the meantime are left out.
 */
import type { AccountName, Seq } from '../ids.ts';
import { matches } from '../query/match.ts';
import type { Query } from '../query/ast.ts';
import type { PlacementState } from '../state/placement.ts';
import type { State } from '../state/state.ts';
import { TimeSlice } from '../time-slice.ts';
import { MessageCandidate, type MessageReader } from './candidate.ts';

/** Narrows a scan: the messages that may match, `undefined` for all of them. */
export type Narrow = (query: Query) => { has(id: string): boolean } | undefined;

export interface Scope {
  readonly account: AccountName;
  readonly query?: Query | undefined;
  /** Only messages that came after. */
  readonly after?: Seq | undefined;
}

export const isAll = (query: Query | undefined): boolean => query === undefined || query.kind === 'all';

/** What is in the scope but for the query, ascending by UID. */
function within(state: State, scope: Scope): PlacementState[] {
  const inbox = state.accounts.get(scope.account)?.inbox;
  if (inbox === undefined) return [];
  const { after } = scope;
  if (after === undefined) return inbox.placements.toArray();
  const recent: PlacementState[] = [];
  for (const placement of inbox.placements.descending()) {
    // Placements are born in the order of their UIDs, and never before their message.
    if (placement.born <= after) break;
    if (placement.record.seq > after) recent.push(placement);
  }
  return recent.reverse();
}

/** Matches, ascending by UID. */
export async function scan(
  state: State,
  scope: Scope,
  reader: MessageReader,
  narrow: Narrow,
): Promise<PlacementState[]> {
  const { query } = scope;
  const all = within(state, scope);
  if (query === undefined || isAll(query)) return all;
  const candidates = narrow(query);
  const slice = new TimeSlice();
  const matched: PlacementState[] = [];
  for (const each of all) {
    if (candidates?.has(each.message) === false) continue;
    if (slice.over) await slice.rest();
    if (!state.messages.has(each.message)) continue;
    if (matches(query, new MessageCandidate(each.record, each, reader))) matched.push(each);
  }
  return matched.filter(({ message }) => state.messages.has(message));
}
