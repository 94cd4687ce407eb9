/** Plans the removal of messages, and changes of their tags and notes. */
import { ALL, type AccountName, type MessageId, type Seq } from '../../ids.ts';
import type { NoteText } from '../../model/entry.ts';
import type { MessageRecord } from '../../model/mail.ts';
import type { State } from '../../model/state.ts';
import { Departures } from './departures.ts';
import { nothing, Numbering, type Plan } from './plan.ts';
import { expungeEntry } from './placements.ts';

/** Plans the removal of messages from an account's INBOX; a message that is removed from `all` is deleted. */
export function planRemove(
  state: State,
  ids: readonly MessageId[],
  account: AccountName,
  now: number,
): Plan<number> {
  const inbox = state.accounts.get(account)?.inbox;
  if (inbox === undefined) return nothing(0);
  const here = [...new Set(ids)].flatMap((id) => {
    const record = state.messages.get(id);
    return record?.places.some(({ mailbox }) => mailbox === inbox) === true ? [record] : [];
  });
  if (here.length === 0) return nothing(0);
  const numbering = new Numbering(state);
  const departures = new Departures();
  if (account === ALL) {
    return { lines: [[removeEntry(here, 'deleted', now, numbering, departures)]], result: () => here.length };
  }
  const placements = here.flatMap(({ places }) => places.filter(({ mailbox }) => mailbox === inbox));
  placements.sort((a, b) => a.uid - b.uid);
  const entry = expungeEntry(inbox, placements, now, numbering, departures);
  return { lines: entry === undefined ? [] : [[entry]], result: () => here.length };
}

export function removeEntry(
  records: readonly MessageRecord[],
  reason: 'deleted' | 'account-removed',
  now: number,
  numbering: Numbering,
  departures: Departures,
) {
  for (const record of records) departures.dies(record);
  const forget = departures.forget.splice(0);
  return {
    do: 'remove' as const,
    seq: numbering.take(records.length + forget.length),
    at: now,
    ids: records.map(({ id }) => id),
    reason,
    ...(forget.length > 0 && { forget }),
  };
}

/** Plans the addition and removal of tags; a message whose tags stay the same is not changed. */
export function planTags(
  state: State,
  ids: readonly MessageId[],
  add: readonly string[],
  remove: readonly string[],
): Plan<Seq> {
  const sets = new Map<string, { tags: readonly string[]; ids: MessageId[] }>();
  let count = 0;
  for (const id of new Set(ids)) {
    const before = state.messages.get(id)?.tags;
    if (before === undefined) continue;
    const tags = [...new Set([...before.filter((tag) => !remove.includes(tag)), ...add])].sort();
    const key = JSON.stringify(tags);
    if (key === JSON.stringify(before)) continue;
    count++;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { tags, ids: [id] });
    else set.ids.push(id);
  }
  const result = (): Seq => state.seq;
  if (count === 0) return { lines: [], result };
  const seq = new Numbering(state).take(count);
  return { lines: [[{ do: 'tag', seq, sets: [...sets.values()] }]], result };
}

/**
 * Returns the value of a note, serialized as JSON so that later changes to the object have no effect;
 * `undefined` for a note that is to be deleted.
 */
export const noteText = (value: unknown): NoteText | undefined =>
  JSON.stringify(value) as NoteText | undefined;

export function planNote(state: State, id: MessageId, key: string, value: NoteText | undefined): Plan<void> {
  if (!state.messages.has(id)) return nothing(undefined);
  const seq = new Numbering(state).take();
  return { lines: [[{ do: 'note', seq, message: id, key, value }]], result: () => undefined };
}
