/**
 * Everything in an INBOX that a query matches, in one pass, up to the last message there was when the pass began.
 * Others get their turn in between, so each message is seen as it stands when its own turn comes; those that go in
 * the meantime are left out.
 */
import type { AccountName, MessageId, Seq } from '../ids.ts';
import type { Query } from '../query/ast.ts';
import type { MailboxState, PlacementState } from '../state/mail.ts';
import type { State } from '../state/state.ts';
import { TimeSlice } from '../time-slice.ts';
import type { Matcher } from './matcher.ts';

/** What an index leaves of a store for a query. */
export interface Narrowed {
  has(id: string): boolean;
  /** All of them, where they are few. */
  readonly few: readonly MessageId[] | undefined;
}

/** Narrows a scan: the messages that may match, `undefined` for all of them. */
export type Narrow = (query: Query) => Narrowed | undefined;

/** How a store finds what a query matches. */
export interface Lookup {
  readonly matcher: Matcher;
  readonly narrow: Narrow;
}

export interface Scope {
  readonly account: AccountName;
  readonly query?: Query | undefined;
  /** Only messages that came after. */
  readonly after?: Seq | undefined;
}

export const isAll = (query: Query | undefined): boolean => query === undefined || query.kind === 'all';

/** What came after a moment, ascending by UID. */
function since(inbox: MailboxState, after: Seq): PlacementState[] {
  const recent: PlacementState[] = [];
  for (const placement of inbox.placements.descending()) {
    // Placements are born in the order of their UIDs, and never before their message.
    if (placement.born <= after) break;
    if (placement.record.seq > after) recent.push(placement);
  }
  return recent.reverse();
}

/** What is in an INBOX of a few messages, ascending by UID. */
function among(state: State, inbox: MailboxState, few: readonly MessageId[]): PlacementState[] {
  const found: PlacementState[] = [];
  for (const id of few) {
    for (const place of state.messages.get(id)?.places ?? []) if (place.mailbox === inbox) found.push(place);
  }
  return found.sort((a, b) => a.uid - b.uid);
}

/** An INBOX chunk by chunk, ascending by UID, up to the last that is there now. */
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

/** Matches, ascending by UID. */
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
  const gone = new Set<MessageId>();
  const stop = state.ring.subscribe((change) => {
    if (change.kind === 'message-removed') gone.add(change.message);
  });
  try {
    const slice = new TimeSlice();
    const matched: PlacementState[] = [];
    for (const some of recent ? [recent] : few ? [few] : chunks(inbox)) {
      for (const each of some) {
        if (candidates?.has(each.message) === false) continue;
        if (slice.over) await slice.rest();
        if (gone.has(each.message)) continue;
        const atOnce = matcher.atOnce(query, each);
        if (atOnce ?? (await matcher.inSlices(query, each, slice))) matched.push(each);
      }
      if (slice.over) await slice.rest();
    }
    return gone.size === 0 ? matched : matched.filter(({ message }) => !gone.has(message));
  } finally {
    stop();
  }
}
