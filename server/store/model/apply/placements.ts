/**
 * Applies log entries that add messages to mailboxes, remove messages from mailboxes, or change the flags of
 * messages there.
 */
import type { Change } from '../../changes.ts';
import type { Seq } from '../../ids.ts';
import type { ExpungeEntry, FlagEntry, PlaceEntry } from '../entry.ts';
import { PlacementState } from '../mail.ts';
import type { State } from '../state.ts';
import { parseUids } from '../uid-set.ts';
import { forget, placeOf, removeRecord } from './messages.ts';

export function place(state: State, entry: PlaceEntry): readonly Change[] {
  return entry.items.flatMap((item, i): Change[] => {
    const seq = (entry.seq + i) as Seq;
    const record = state.messages.get(item.message);
    const mailbox = state.mailboxes.get(item.mailbox);
    if (mailbox === undefined) return [];
    const named = { account: mailbox.account.name, mailbox: mailbox.id, uid: item.uid };
    if (record === undefined) return [{ kind: 'placed', seq, message: item.message, place: named }];
    const flags = state.flagSets.of(item.flags);
    const facts = { uid: item.uid, flags, modseq: seq, born: seq, savedAt: entry.at };
    const placement = new PlacementState(record, mailbox, facts);
    mailbox.put(placement);
    record.places = [...record.places, placement];
    return [{ kind: 'placed', seq, message: item.message, place: named }];
  });
}

export function expunge(state: State, entry: ExpungeEntry): readonly Change[] {
  const mailbox = state.mailboxes.get(entry.mailbox);
  const dead = new Set(parseUids(entry.dead));
  const changes: Change[] = [];
  let seq = entry.seq as number;
  for (const uid of parseUids(entry.uids)) {
    const number = seq++ as Seq;
    const placement = mailbox?.placements.get(uid);
    if (placement === undefined || mailbox === undefined) continue;
    const { record } = placement;
    if (dead.has(uid)) {
      changes.push(removeRecord(state, record, number, 'deleted'));
      continue;
    }
    mailbox.take(uid, number);
    record.places = record.places.filter((other) => other !== placement);
    changes.push({ kind: 'expunged', seq: number, message: record.id, place: placeOf(placement) });
  }
  return [...changes, ...forget(state, entry.forget, seq)];
}

export function flag(state: State, entry: FlagEntry): readonly Change[] {
  const mailbox = state.mailboxes.get(entry.mailbox);
  const changes: Change[] = [];
  let seq = entry.seq as number;
  for (const set of entry.sets) {
    const flags = state.flagSets.of(set.flags);
    for (const uid of parseUids(set.uids)) {
      const number = seq++ as Seq;
      const before = mailbox?.placements.get(uid);
      if (before === undefined || mailbox === undefined) continue;
      const after = before.withFlags(flags, number);
      mailbox.put(after);
      const { record } = before;
      record.places = record.places.map((other) => (other === before ? after : other));
      changes.push({
        kind: 'flagged',
        seq: number,
        message: record.id,
        place: placeOf(after),
        flags,
      });
    }
  }
  return changes;
}
