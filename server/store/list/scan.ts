/**
 * Everything in an INBOX that a query matches, in one pass, as it stood when the pass began: placements and
 * summaries are immutable, so a list of them is a snapshot that others may not disturb while they get their turn.
 */
import type { AccountName, Seq } from '../ids.ts';
import { matches } from '../query/match.ts';
import type { Query } from '../query/ast.ts';
import type { MessageSummary } from '../store.ts';
import type { PlacementState } from '../state/placement.ts';
import type { State } from '../state/state.ts';
import { TimeSlice } from '../time-slice.ts';
import { MessageCandidate, type ReadRaw } from './candidate.ts';

/** A message of a scan: its summary and placement at that moment. */
export interface Found {
  readonly summary: MessageSummary;
  readonly placement: PlacementState;
}

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
function within(state: State, scope: Scope): Found[] {
  const inbox = state.accounts.get(scope.account)?.inbox;
  if (inbox === undefined) return [];
  const { after } = scope;
  if (after === undefined) return inbox.placements.toArray().map(found);
  const recent: Found[] = [];
  for (const placement of inbox.placements.descending()) {
    // Placements are born in the order of their UIDs, and never before their message.
    if (placement.born <= after) break;
    if (placement.record.summary.seq > after) recent.push(found(placement));
  }
  return recent.reverse();
}

const found = (placement: PlacementState): Found => ({ placement, summary: placement.record.summary });

/** Matches, ascending by UID. */
export async function scan(state: State, scope: Scope, read: ReadRaw, narrow: Narrow): Promise<Found[]> {
  const { query } = scope;
  const all = within(state, scope);
  if (query === undefined || isAll(query)) return all;
  const candidates = narrow(query);
  const slice = new TimeSlice();
  const matched: Found[] = [];
  for (const each of all) {
    if (candidates?.has(each.summary.id) === false) continue;
    if (slice.over) await slice.rest();
    if (matches(query, new MessageCandidate(each.summary, each.placement, read))) matched.push(each);
  }
  return matched;
}
