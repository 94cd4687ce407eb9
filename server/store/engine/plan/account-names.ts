/**
 * Renames accounts whose names an earlier version stored in a spelling other than the canonical form of the
 * address. If an account with the canonical name exists already, the two accounts are merged; no message and
 * no mailbox is lost.
 *
 * UIDs: a mailbox that moves as a whole keeps its UIDs and its UIDVALIDITY. Messages that are added to an
 * existing mailbox get new UIDs at the end of this mailbox. If two merged mailboxes had the same UIDVALIDITY,
 * the remaining mailbox gets a higher UIDVALIDITY, because a client of the removed mailbox may know the same
 * UIDs for other messages (RFC 9051 §2.3.1.1).
 */
import { accountName, type AccountName } from '../../ids.ts';
import type { AccountState, MailboxState } from '../../model/mail.ts';
import type { AccountEntry, Entry, MailboxEntry } from '../../model/entry.ts';
import type { State } from '../../model/state.ts';
import { nothing, Numbering, type Plan } from './plan.ts';
import { planCopy, planExpunge } from './placements.ts';

/** Returns the accounts whose name is not canonical. */
export const misspeltAccounts = (state: State): AccountState[] =>
  [...state.accounts.values()].filter(({ name }) => accountName(name) !== name);

/**
 * Returns the log entry that creates the account with the canonical name, or merges the properties of the other account
 * into it. If both accounts have a password, the password of the account with the canonical name is kept.
 */
function accountEntry(from: AccountState, to: AccountState | undefined, numbering: Numbering): AccountEntry {
  return {
    do: 'account',
    seq: numbering.take(),
    change: to === undefined ? 'account-added' : 'account-changed',
    account: accountName(from.name),
    createdAt: Math.min(from.createdAt, to?.createdAt ?? from.createdAt),
    opened: from.opened || to?.opened === true,
    minted: from.minted || to?.minted === true,
    password: to?.password ?? from.password,
  };
}

/**
 * Returns the log entry that moves a mailbox to the account `account`. The UIDVALIDITY of the mailbox changes
 * only if this account had a mailbox of the same name before.
 */
function moved(
  state: State,
  mailbox: MailboxState,
  account: AccountName,
  numbering: Numbering,
): MailboxEntry {
  const uidValidity = Math.max(mailbox.uidValidity, state.uidValidity(account, mailbox.name, 0));
  return {
    do: 'mailbox',
    seq: numbering.take(),
    at: 0,
    change: 'mailbox-renamed',
    mailbox: mailbox.id,
    account,
    name: mailbox.name,
    role: mailbox.role,
    uidValidity,
  };
}

/**
 * Step 1 of a merge: creates the account with the canonical name if it does not exist. Moves all mailboxes to
 * this account, except those whose names exist there already.
 */
export function planCanonicalAccount(state: State, from: AccountState, now: number): Plan<void> {
  const name = accountName(from.name);
  const to = state.accounts.get(name);
  const numbering = new Numbering(state);
  const line: Entry[] = [accountEntry(from, to, numbering)];
  for (const mailbox of from.mailboxes()) {
    const own = to?.mailbox(mailbox.name);
    if (own === undefined) line.push(moved(state, mailbox, name, numbering));
    else if (own.uidValidity === mailbox.uidValidity) line.push(changedValidity(state, own, now, numbering));
  }
  const subscribed = [...from.subscriptions].filter((each) => to?.subscriptions.has(each) !== true);
  for (const each of subscribed) {
    line.push({ do: 'subscribe', seq: numbering.take(0), account: name, name: each, subscribed: true });
  }
  return { lines: [line], result: () => undefined };
}

function changedValidity(
  state: State,
  mailbox: MailboxState,
  now: number,
  numbering: Numbering,
): MailboxEntry {
  const { id, account, name, role, uidValidity } = mailbox;
  return {
    do: 'mailbox',
    seq: numbering.take(),
    at: now,
    change: 'mailbox-changed',
    mailbox: id,
    account: account.name,
    name,
    role,
    uidValidity: Math.max(uidValidity + 1, state.uidValidity(account.name, name, now)),
  };
}

/**
 * Step 2 of a merge, for a mailbox name that exists in both accounts: moves messages to the mailbox of the
 * account with the canonical name, except those that this mailbox already contains.
 */
export function planMerge(state: State, from: MailboxState, now: number): Plan<unknown> {
  const to = state.accounts.get(accountName(from.account.name))?.mailbox(from.name);
  if (to === undefined || to === from) return nothing(undefined);
  const known = new Set(to.placements.toArray().map(({ record }) => record));
  const missing = from.placements.toArray().filter(({ record }) => !known.has(record));
  const uids = missing.map(({ uid }) => uid);
  return planCopy(state, from, uids, to, now, true);
}

/**
 * Step 3 of a merge: removes the remaining messages from a mailbox of the account with the non-canonical
 * name. The account with the canonical name contains the same messages.
 */
export const planRemoveDoubles = (state: State, from: MailboxState, now: number): Plan<unknown> =>
  planExpunge(
    state,
    from,
    from.placements.toArray().map(({ uid }) => uid),
    now,
  );

/** Last step of a merge: removes the account with the non-canonical name, which has no more mail. */
export function planRemoveMisspelt(state: State, from: AccountState, now: number): Plan<void> {
  if (state.accounts.get(from.name) !== from) return nothing(undefined);
  const seq = new Numbering(state).take();
  return {
    lines: [[{ do: 'account-gone', seq, at: now, account: from.name }]],
    result: () => undefined,
  };
}
