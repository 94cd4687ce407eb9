/**
 * Plans the storage of new messages: assigns mailboxes and UIDs, and creates accounts for recipients that
 * have none.
 */
import { ALL, type AccountName, type MailboxId, type Seq, type Uid } from '../../ids.ts';
import type { Prepared } from '../prepare/task.ts';
import { StoreError, type AddedMessage, type NewRecord, type Target } from '../../store.ts';
import type { AddEntry, Entry, NewPlace } from '../../model/entry.ts';
import type { State } from '../../model/state.ts';
import { storedPlace } from '../../model/stored-summary.ts';
import { mailboxIdOf, Numbering, type Plan } from './plan.ts';
import type { Retention } from '../../options.ts';
import { retentionLines } from './retention.ts';

/**
 * A message that was read and is ready to be committed. Its change number (seq) and its UIDs are not assigned
 * yet.
 */
export interface PreparedMessage extends Prepared {
  readonly targets: readonly Target[];
  readonly records: readonly NewRecord[];
}

interface NewInbox {
  readonly mailbox: MailboxId;
  readonly uidValidity: number;
  uidNext: number;
}

/**
 * Returns all mailboxes that a message is added to, including the INBOX of `all` if the message is added to any
 * other INBOX.
 */
function targetsOf(state: State, targets: readonly Target[]): readonly Target[] {
  const inboxOf = (target: Target): AccountName | undefined => {
    if ('account' in target) return target.account;
    const mailbox = state.mailboxes.get(target.mailbox);
    if (mailbox === undefined) throw new StoreError('not-found', 'There is no such mailbox');
    return mailbox.role === 'inbox' ? mailbox.account.name : undefined;
  };
  const inboxes = new Set(targets.map(inboxOf));
  inboxes.delete(undefined);
  return inboxes.size === 0 || inboxes.has(ALL) ? targets : [...targets, { account: ALL }];
}

export function planAdd(
  state: State,
  messages: readonly PreparedMessage[],
  now: number,
  retention: Retention,
): Plan<readonly AddedMessage[]> {
  const numbering = new Numbering(state);
  const appearing = new Map<AccountName, NewInbox>();
  const arriving = new Set<AccountName>();

  const placeIn = (target: Target, firstSeq: () => Seq): NewPlace => {
    const flags = target.flags === undefined || target.flags.length === 0 ? {} : { flags: target.flags };
    const known =
      'mailbox' in target ? state.mailboxes.get(target.mailbox) : state.accounts.get(target.account)?.inbox;
    if (known !== undefined) {
      arriving.add(known.account.name);
      return { account: known.account.name, mailbox: known.id, uid: numbering.uid(known), ...flags };
    }
    if ('mailbox' in target) throw new StoreError('not-found', 'There is no such mailbox');
    const { account } = target;
    const fresh = appearing.get(account);
    if (fresh !== undefined) {
      return { account, mailbox: fresh.mailbox, uid: fresh.uidNext++ as Uid, ...flags };
    }
    const uidValidity = state.uidValidity(account, 'INBOX', now);
    const mailbox = mailboxIdOf(firstSeq());
    appearing.set(account, { mailbox, uidValidity, uidNext: 2 });
    return { account, mailbox, uid: 1 as Uid, appears: uidValidity, ...flags };
  };

  // The records of a message are written before the message. If a crash ends the log between the two lines, a
  // record may exist without its message, but never a message without its records.
  const records = messages.flatMap((message) =>
    message.records.map((record): Entry => ({ do: 'record', seq: numbering.take(), ...record })),
  );
  const planned = messages.map((message) => {
    let first: Seq | undefined;
    const takeSeq = (): Seq => {
      const seq = numbering.take();
      first ??= seq;
      return seq;
    };
    const byTarget = new Map<string, NewPlace>();
    const places = targetsOf(state, message.targets).map((target) => {
      const inbox = 'account' in target ? state.accounts.get(target.account)?.inbox?.id : target.mailbox;
      const key = inbox ?? ('account' in target ? `account ${target.account}` : '');
      const place = byTarget.get(key) ?? placeIn(target, takeSeq);
      byTarget.set(key, place);
      return place;
    });
    const seq = takeSeq();
    const { id, ...summary } = message.summary;
    const entry: AddEntry = {
      do: 'add',
      seq: first ?? seq,
      at: now,
      message: { id, seq, ...summary, sum: message.sum, raw: storedPlace(message.raw) },
      places: [...byTarget.values()],
      detail: message.detail,
    };
    return { entry, summary: { ...message.summary, seq }, places };
  });

  const result = (): AddedMessage[] =>
    planned.map(({ entry, summary, places }) => ({
      summary,
      seq: entry.message.seq,
      places: places.map(({ account, mailbox, uid }) => ({ account, mailbox, uid })),
    }));
  const entries = planned.map(({ entry }) => entry);
  const retained = retentionLines(state, retention, now, numbering, arriving, entries);
  return { lines: [...(records.length === 0 ? [] : [records]), entries, ...retained], result };
}
