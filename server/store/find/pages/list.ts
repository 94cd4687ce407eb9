/**
 * Lists the messages of an INBOX that match a query, page by page, newest first by default, with the total
 * number of matching messages.
 */
import { ALL } from '../../ids.ts';
import type { ListRequest, ListedMessage, MessagePage } from '../../store.ts';
import type { MailboxState, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { MessageReader } from './candidate.ts';
import { isAll, scan, type Lookup } from './scan.ts';

export const listedOf = (placement: PlacementState, reader: MessageReader): ListedMessage => ({
  summary: reader.summary(placement.record),
  seen: placement.seen,
  flagged: placement.flagged,
});

export async function list(
  state: State,
  request: ListRequest,
  reader: MessageReader,
  lookup: Lookup,
): Promise<MessagePage> {
  const { seq } = state;
  const inbox = state.accounts.get(request.account ?? ALL)?.inbox;
  if (inbox === undefined) return { messages: [], total: 0, unread: 0, next: null, seq };
  const from = request.cursor === undefined ? undefined : parseCursor(request.cursor, inbox.uidValidity);
  const newest = request.order !== 'oldest';
  if (isAll(request.query) && request.after === undefined) {
    const { placements } = inbox;
    const rows = newest ? placements.descending(from) : placements.ascending(from);
    const { page, more } = take(rows, request);
    return { ...paged(inbox, page, more, reader), total: placements.size, unread: inbox.unseen, seq };
  }
  const { query, after } = request;
  const matched = await scan(state, { account: request.account ?? ALL, query, after }, lookup);
  const total = matched.length;
  let unread = 0;
  for (const { seen } of matched) if (!seen) unread++;
  const { page, more } = take(newest ? backwards(matched, from) : forwards(matched, from), request);
  return { ...paged(inbox, page, more, reader), total, unread, seq };
}

function* forwards(matched: readonly PlacementState[], after = 0): Generator<PlacementState> {
  for (const each of matched) if (each.uid > after) yield each;
}

function* backwards(matched: readonly PlacementState[], before = Infinity): Generator<PlacementState> {
  for (let i = matched.length - 1; i >= 0; i--) {
    const each = matched[i];
    if (each !== undefined && each.uid < before) yield each;
  }
}

function take<T>(
  rows: Iterable<T>,
  { limit, offset = 0 }: Pick<ListRequest, 'limit' | 'offset'>,
): { page: T[]; more: boolean } {
  const page: T[] = [];
  let skipped = 0;
  for (const row of rows) {
    if (skipped++ < offset) continue;
    if (page.length >= limit) return { page, more: true };
    page.push(row);
  }
  return { page, more: false };
}

function paged(
  inbox: MailboxState,
  page: readonly PlacementState[],
  more: boolean,
  reader: MessageReader,
): Pick<MessagePage, 'messages' | 'next'> {
  const last = page.at(-1);
  const next = more && last !== undefined ? formatCursor(inbox.uidValidity, last.uid) : null;
  return { messages: page.map((placement) => listedOf(placement, reader)), next };
}
