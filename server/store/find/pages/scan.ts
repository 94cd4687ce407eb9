/**
 * Finds all messages in an INBOX that match a query, in one pass over the messages that exist at its start.
 * The pass is divided into time slices, between which messages may change: each message is tested in the
 * state that it has when the pass reaches it, and removed messages are skipped.
 */
import type { AccountName, MessageId, Seq } from '../../ids.ts';
import type { Answers } from '../index/answers.ts';
import type { Query } from '../language/ast.ts';
import type { MailboxState, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { TimeSlice } from '../../../async/time-slice.ts';
import type { Matcher } from './matcher.ts';

/** Returns the answers of the search index to a query; `undefined` if the index cannot answer any of its terms. */
export type Answer = (query: Query) => Promise<Answers | undefined>;

/** The functions by which a store finds the messages that match a query. */
export interface Lookup {
  readonly matcher: Matcher;
  readonly answer: Answer;
}

export interface Scope {
  readonly account: AccountName;
  readonly query?: Query | undefined;
  /**
   * Change number (seq): only messages that arrived after this change are searched. When absent, all messages
   * are searched.
   */
  readonly after?: Seq | undefined;
}

export const isAll = (query: Query | undefined): boolean => query === undefined || query.kind === 'all';

/** Returns the messages of an INBOX that were added after a seq (change number), ascending by UID. */
function since(inbox: MailboxState, after: Seq): PlacementState[] {
  const recent: PlacementState[] = [];
  for (const placement of inbox.placements.descending()) {
    // The loop may end here: all earlier messages of the INBOX were added before this one, and a message is
    // never added to an INBOX before it is stored.
    if (placement.born <= after) break;
    if (placement.record.seq > after) recent.push(placement);
  }
  return recent.reverse();
}

/** Iterates in chunks over the messages that an INBOX contains when the iteration starts, ascending by UID. */
function* chunks({ placements, uidNext }: MailboxState): Generator<readonly PlacementState[]> {
  for (let above = 0; ;) {
    const some = placements.next(above);
    const last = some.at(-1);
    if (last === undefined) return;
    if (last.uid >= uidNext) {
      yield some.filter(({ uid }) => uid < uidNext);
      return;
    }
    yield some;
    above = last.uid;
  }
}

/** The parameters and the state of one pass over an INBOX. */
interface Scan {
  readonly matcher: Matcher;
  readonly answers: Answers | undefined;
  readonly slice: TimeSlice;
  /** Ids of the messages that were removed from the store since the scan began. */
  readonly gone: ReadonlySet<MessageId>;
  readonly matched: PlacementState[];
}

/**
 * Adds the matching messages of the INBOX to `matched`. Reads only messages for which the search index does not
 * know the answer.
 */
async function matchEach(query: Query, placements: readonly PlacementState[], scan: Scan): Promise<void> {
  const { answers, matched } = scan;
  for (const placement of placements) {
    const number = placement.record.indexNumber;
    const isCovered = answers?.covers(number) === true;
    if (isCovered && !answers.possible.has(number)) continue;
    const isMatch = (isCovered && answers.definite.has(number)) || (await matchOne(query, placement, scan));
    if (isMatch) matched.push(placement);
  }
}

async function matchOne(query: Query, placement: PlacementState, scan: Scan): Promise<boolean> {
  const { matcher, answers, slice, gone } = scan;
  if (slice.over) await slice.rest();
  if (gone.has(placement.message)) return false;
  const atOnce = matcher.atOnce(query, placement, answers);
  return atOnce ?? matcher.inSlices(query, placement, slice, answers);
}

/** Returns the messages of an INBOX that match the query, ascending by UID. */
export async function scan(
  state: State,
  { account, query, after }: Scope,
  { matcher, answer }: Lookup,
): Promise<readonly PlacementState[]> {
  const inbox = state.accounts.get(account)?.inbox;
  if (inbox === undefined) return [];
  const recent = after === undefined ? undefined : since(inbox, after);
  if (query === undefined || isAll(query)) return recent ?? inbox.placements.toArray();
  const gone = new Set<MessageId>();
  const stop = state.ring.subscribe((change) => {
    if (change.kind === 'message-removed') gone.add(change.message);
  });
  try {
    const slice = new TimeSlice();
    const matched: PlacementState[] = [];
    const answers = await answer(query);
    for (const some of recent ? [recent] : chunks(inbox)) {
      await matchEach(query, some, { matcher, answers, slice, gone, matched });
      if (slice.over) await slice.rest();
    }
    return gone.size === 0 ? matched : matched.filter(({ message }) => !gone.has(message));
  } finally {
    stop();
  }
}
