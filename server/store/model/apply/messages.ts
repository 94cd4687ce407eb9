/** Applies log entries that change messages to the state. */
import type { AccountChanged, Change, MessageRemoved, Place } from '../../changes.ts';
import type { AccountName, MessageId, Seq } from '../../ids.ts';
import type {
  AddEntry,
  KeepEntry,
  MovedEntry,
  NewPlace,
  NoteEntry,
  RemoveEntry,
  TagEntry,
} from '../entry.ts';
import { type MailboxState, MessageRecord, PlacementState } from '../mail.ts';
import type { Position } from '../../position.ts';
import type { State } from '../state.ts';

export const placeOf = (placement: PlacementState): Place => ({
  account: placement.mailbox.account.name,
  mailbox: placement.mailbox.id,
  uid: placement.uid,
});

/**
 * Returns the mailbox that a new message is added to. Creates the INBOX if it is missing: the message may be
 * the first of its account, or the log entry that created the INBOX may be lost.
 */
function mailboxFor(state: State, place: NewPlace, entry: AddEntry): MailboxState | undefined {
  const known = state.mailboxes.get(place.mailbox);
  if (known !== undefined || place.appears === undefined) return known;
  const account = state.accounts.get(place.account) ?? state.addAccount(place.account, entry.at);
  const facts = {
    name: 'INBOX',
    role: 'inbox',
    uidValidity: place.appears,
    modseq: entry.message.seq,
  } as const;
  return account.inbox ?? state.addMailbox(place.mailbox, account, facts);
}

const newRecord = (state: State, { message, at }: AddEntry | KeepEntry, position: Position): MessageRecord =>
  new MessageRecord(message, state.tagSets.of(message.tags), at, position);

export function add(state: State, entry: AddEntry, position: Position): readonly Change[] {
  const { seq } = entry.message;
  const record = newRecord(state, entry, position);
  const changes: Change[] = [];
  const placements: PlacementState[] = [];
  for (const place of entry.places) {
    if (place.appears !== undefined) {
      const number = (entry.seq + changes.length) as Seq;
      changes.push({ kind: 'account-added', seq: number, account: place.account });
    }
    const mailbox = mailboxFor(state, place, entry);
    if (mailbox === undefined) continue;
    const flags = state.flagSets.of(place.flags);
    const facts = { uid: place.uid, flags, modseq: seq, born: seq, savedAt: entry.at };
    const placement = new PlacementState(record, mailbox, facts);
    mailbox.put(placement);
    placements.push(placement);
  }
  record.places = placements;
  state.addMessage(record);
  changes.push({ kind: 'message-added', seq, message: record.id, places: placements.map(placeOf) });
  return changes;
}

export function keep(state: State, entry: KeepEntry, position: Position): readonly Change[] {
  const { seq } = entry.message;
  const record = newRecord(state, entry, position);
  record.places = entry.places.flatMap((place) => {
    const mailbox = state.mailboxes.get(place.mailbox);
    if (mailbox === undefined) return [];
    const placement = new PlacementState(record, mailbox, {
      uid: place.uid,
      flags: state.flagSets.of(place.flags),
      modseq: place.modseq ?? seq,
      born: place.born ?? seq,
      savedAt: place.savedAt ?? entry.at,
    });
    mailbox.put(placement);
    return [placement];
  });
  state.addMessage(record);
  return [];
}

/** Removes a message from the state and from all mailboxes that contain it. Returns the resulting change. */
export function removeRecord(
  state: State,
  record: MessageRecord,
  seq: Seq,
  reason: MessageRemoved['reason'],
): MessageRemoved {
  const places = record.places.map(placeOf);
  for (const { mailbox, uid } of record.places) mailbox.take(uid, seq);
  record.places = [];
  state.dropMessage(record);
  return { kind: 'message-removed', seq, message: record.id, places, reason };
}

/**
 * Removes the named accounts, which no longer contain a message. Returns the resulting changes, numbered from
 * `seq`.
 */
export function forget(
  state: State,
  names: readonly AccountName[] | undefined,
  seq: number,
): AccountChanged[] {
  return (names ?? []).map((name, i) => {
    const account = state.accounts.get(name);
    if (account !== undefined) state.dropAccount(account);
    return { kind: 'account-removed', seq: (seq + i) as Seq, account: name };
  });
}

export function remove(state: State, entry: RemoveEntry): readonly Change[] {
  const changes = entry.ids.map((id: MessageId, i): Change => {
    const seq = (entry.seq + i) as Seq;
    const record = state.messages.get(id);
    return record === undefined
      ? { kind: 'message-removed', seq, message: id, places: [], reason: entry.reason }
      : removeRecord(state, record, seq, entry.reason);
  });
  return [...changes, ...forget(state, entry.forget, entry.seq + changes.length)];
}

export function tag(state: State, entry: TagEntry): readonly Change[] {
  const changes: Change[] = [];
  for (const { tags, ids } of entry.sets) {
    for (const id of ids) {
      const seq = (entry.seq + changes.length) as Seq;
      const record = state.messages.get(id);
      const shared = state.tagSets.of(tags);
      if (record !== undefined) record.tags = shared;
      changes.push({ kind: 'tagged', seq, message: id, tags: shared });
    }
  }
  return changes;
}

export function note(state: State, entry: NoteEntry, position: Position): readonly Change[] {
  const { key, message } = entry;
  const record = state.messages.get(message);
  if (record !== undefined) {
    record.notes = [...record.notes.filter((other) => other.key !== key), { key, ...position }];
  }
  return [{ kind: 'annotated', seq: entry.seq, message, key }];
}

export function moved(state: State, entry: MovedEntry): readonly Change[] {
  for (const [id, segment, offset] of entry.items) {
    const record = state.messages.get(id);
    if (record !== undefined) record.raw = { segment, offset };
  }
  return [];
}
