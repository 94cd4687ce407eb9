/** Plans the copying and moving of messages between mailboxes, and the expunging of messages from a mailbox. */
import { ALL, type AccountName, type Uid } from '../../ids.ts';
import type { CopyOutcome } from '../../store.ts';
import type { Entry, ExpungeEntry, PlaceEntry } from '../../model/entry.ts';
import type { MailboxState, MessageRecord, PlacementState } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { formatUids } from '../../model/uid-set.ts';
import { Departures } from './departures.ts';
import { nothing, Numbering, type Plan } from './plan.ts';

/**
 * Returns the messages in a mailbox that have the given UIDs, ascending by UID. A UID that occurs twice is
 * used once; unknown UIDs are skipped.
 */
function placementsOf(mailbox: MailboxState, uids: readonly Uid[]): PlacementState[] {
  const unique = [...new Set(uids)].sort((a, b) => a - b);
  return unique.flatMap((uid) => mailbox.placements.get(uid) ?? []);
}

export function planExpunge(
  state: State,
  mailbox: MailboxState,
  uids: readonly Uid[],
  now: number,
): Plan<readonly Uid[]> {
  const departures = new Departures();
  const entry = expungeEntry(mailbox, placementsOf(mailbox, uids), now, new Numbering(state), departures);
  if (entry === undefined) return nothing<readonly Uid[]>([]);
  const wanted = [...new Set(uids)].filter((uid) => mailbox.placements.get(uid) !== undefined);
  return { lines: [[entry]], result: () => wanted.sort((a, b) => a - b) };
}

/**
 * Returns the log entry that expunges messages from a mailbox; `undefined` if no message is left to expunge.
 * @param departures object that collects the removals of the whole plan
 */
export function expungeEntry(
  mailbox: MailboxState,
  placements: readonly PlacementState[],
  now: number,
  numbering: Numbering,
  departures: Departures,
): ExpungeEntry | undefined {
  const gone: Uid[] = [];
  const dead: Uid[] = [];
  for (const placement of placements) {
    // A mailbox may contain the same message twice. If the removal of the first copy deletes the message from
    // the store, the second copy is already removed.
    if (departures.isDead(placement.record)) continue;
    gone.push(placement.uid);
    if (departures.leaves(placement)) dead.push(placement.uid);
  }
  if (gone.length === 0) return undefined;
  const forget = departures.forget.splice(0);
  return {
    do: 'expunge',
    seq: numbering.take(gone.length + forget.length),
    at: now,
    mailbox: mailbox.id,
    uids: formatUids(gone),
    ...(dead.length > 0 && { dead: formatUids(dead) }),
    ...(forget.length > 0 && { forget }),
  };
}

export function planCopy(
  state: State,
  from: MailboxState,
  uids: readonly Uid[],
  to: MailboxState,
  now: number,
  move: boolean,
): Plan<CopyOutcome> {
  const placements = placementsOf(from, uids);
  const outcome = { uidValidity: to.uidValidity, source: [] as Uid[], target: [] as Uid[] };
  if (placements.length === 0) return nothing(outcome);
  const numbering = new Numbering(state);
  const departures = new Departures(new Set<AccountName>([to.account.name, ALL]));
  const items = placements.map(({ record, flags, uid }) => {
    departures.arrives(record, to.account.name);
    const target = numbering.uid(to);
    outcome.source.push(uid);
    outcome.target.push(target);
    return { message: record.id, mailbox: to.id, uid: target, flags };
  });
  const everything = to.role === 'inbox' && to.account.name !== ALL ? missingInAll(placements) : [];
  for (const { record } of everything) {
    departures.arrives(record, ALL);
    const inbox = state.all.inbox;
    if (inbox === undefined) continue;
    items.push({ message: record.id, mailbox: inbox.id, uid: numbering.uid(inbox), flags: [] });
  }
  const place: PlaceEntry = { do: 'place', seq: numbering.take(items.length), at: now, items };
  const line: Entry[] = [place];
  const expunge = move ? expungeEntry(from, placements, now, numbering, departures) : undefined;
  if (expunge !== undefined) line.push(expunge);
  return { lines: [line], result: () => outcome };
}

/**
 * Returns the placements (messages in mailboxes) whose messages are not in the account `all`, each message
 * once. These messages must be added to the INBOX of `all`, because it contains every message that is in
 * another INBOX.
 */
function missingInAll(placements: readonly PlacementState[]): PlacementState[] {
  const seen = new Set<string>();
  return placements.filter(({ record }) => {
    if (record.inAll > 0 || seen.has(record.id)) return false;
    seen.add(record.id);
    return true;
  });
}

/** Plans the addition of messages that are in no mailbox to the INBOX of `all`. */
export function planHomeless(state: State, records: readonly MessageRecord[], now: number): Plan<void> {
  const { inbox } = state.all;
  if (inbox === undefined) return nothing(undefined);
  const numbering = new Numbering(state);
  const items = records.map(({ id }) => ({
    message: id,
    mailbox: inbox.id,
    uid: numbering.uid(inbox),
  }));
  const seq = numbering.take(items.length);
  return { lines: [[{ do: 'place', seq, at: now, items }]], result: () => undefined };
}
