/**
 * Finds all messages in an INBOX that match a query, in one pass up to the last message that existed at the start of
 * the pass. Other work runs in between, so each message is matched as it is when the pass reaches it; messages
 * removed before that are skipped.
 */
import type { AccountName, MessageId, Seq } from '../../ids.ts';
import type { Query } from '../language/ast.ts';
import type { MailboxState, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { TimeSlice } from '../../../async/time-slice.ts';
import type { Matcher } from './matcher.ts';

/** The messages that may match a query according to the search index. */
export interface Narrowed {
  has(id: string): boolean;
  /** The ids of these messages if they are few; otherwise `undefined`. */
  readonly few: readonly MessageId[] | undefined;
}

/** Returns the messages that may match; `undefined` if any message may match. */
export type Narrow = (query: Query) => Narrowed | undefined;

/** The functions by which a store finds the messages that match a query. */
export interface Lookup {
  readonly matcher: Matcher;
  readonly narrow: Narrow;
}

export interface Scope {
  readonly account: AccountName;
  readonly query?: Query | undefined;
  /** Seq after which a message must have arrived. */
  readonly after?: Seq | undefined;
}

export const isAll = (query: Query | undefined): boolean => query === undefined || query.kind === 'all';

/** Returns the placements of messages added after a seq, ascending by UID. */
function since(inbox: MailboxState, after: Seq): PlacementState[] {
  const recent: PlacementState[] = [];
  for (const placement of inbox.placements.descending()) {
    // Placements are created in the order of their UIDs, and never before their message.
    if (placement.born <= after) break;
    if (placement.record.seq > after) recent.push(placement);
  }
  return recent.reverse();
}

/** Returns the placements in an INBOX of the given few messages, ascending by UID. */
function among(state: State, inbox: MailboxState, few: readonly MessageId[]): PlacementState[] {
  const found: PlacementState[] = [];
  for (const id of few) {
    for (const place of state.messages.get(id)?.places ?? []) if (place.mailbox === inbox) found.push(place);
  }
  return found.sort((a, b) => a.uid - b.uid);
}

/** Iterates over an INBOX in chunks, ascending by UID, up to the last message at the start. */
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

/** The state of a scan. */
interface Scan {
  readonly matcher: Matcher;
  readonly slice: TimeSlice;
  /** Messages removed since the scan began. */
  readonly gone: ReadonlySet<MessageId>;
  readonly matched: PlacementState[];
}

/** Adds the placements that match to `matched`. */
async function matchEach(
  query: Query,
  placements: readonly PlacementState[],
  { matcher, slice, gone, matched }: Scan,
): Promise<void> {
  for (const placement of placements) {
    if (slice.over) await slice.rest();
    if (gone.has(placement.message)) continue;
    const atOnce = matcher.atOnce(query, placement);
    if (atOnce ?? (await matcher.inSlices(query, placement, slice))) matched.push(placement);
  }
}

/** Returns the matching placements, ascending by UID. */
export async function scan(
  state: State,
  { account, query, after }: Scope,
  { matcher, narrow }: Lookup,
): Promise<readonly PlacementState[]> {
  const inbox = state.accounts.get(account)?.inbox;
  if (inbox === undefined) return [];
  const recent = after === undefined ? undefined : since(inbox, after);
  if (query === undefined || isAll(query)) return recent ?? inbox.placements.toArray();
  const candidates = narrow(query);
  const few = candidates?.few && among(state, inbox, candidates.few);
  const searched = recent ?? few;
  const gone = new Set<MessageId>();
  const stop = state.ring.subscribe((change) => {
    if (change.kind === 'message-removed') gone.add(change.message);
  });
  try {
    const slice = new TimeSlice();
    const matched: PlacementState[] = [];
    for (const some of searched ? [searched] : chunks(inbox)) {
      const possible =
        candidates === undefined ? some : some.filter(({ message }) => candidates.has(message));
      await matchEach(query, possible, { matcher, slice, gone, matched });
      if (slice.over) await slice.rest();
    }
    return gone.size === 0 ? matched : matched.filter(({ message }) => !gone.has(message));
  } finally {
    stop();
  }
}
