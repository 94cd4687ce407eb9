/** Plans the changes of accounts: creation by an API call, first login, and removal with all mail. */
import { ALL, type AccountName, type Seq } from '../../ids.ts';
import { StoreError, type AccountInfo } from '../../store.ts';
import { type AccountState, STANDARD_MAILBOXES } from '../../model/mail.ts';
import type { AccountEntry, Entry, MailboxEntry } from '../../model/entry.ts';
import type { State } from '../../model/state.ts';
import { Departures } from './departures.ts';
import { removeEntry } from './messages.ts';
import { mailboxIdOf, nothing, Numbering, type Plan } from './plan.ts';
import { expungeEntry } from './placements.ts';

const infoOf = (state: State, name: AccountName) => (): AccountInfo => {
  const account = state.accounts.get(name);
  if (account === undefined) throw new StoreError('not-found', `There is no account ${name}`);
  return account.info();
};

function inboxEntry(state: State, account: AccountName, seq: Seq, now: number): MailboxEntry {
  const uidValidity = state.uidValidity(account, 'INBOX', now);
  const mailbox = mailboxIdOf(seq);
  return {
    do: 'mailbox',
    seq,
    at: now,
    change: 'mailbox-added',
    mailbox,
    account,
    name: 'INBOX',
    role: 'inbox',
    uidValidity,
  };
}

/** Plans the creation of the account `all`, which receives every message, in a new store. */
export function planAll(state: State, now: number): Plan<void> {
  if (state.accounts.get(ALL)?.inbox !== undefined) return nothing(undefined);
  const numbering = new Numbering(state);
  const account = accountEntry(ALL, numbering.take(), now);
  return {
    lines: [[account, inboxEntry(state, ALL, numbering.take(), now)]],
    result: () => undefined,
  };
}

/** Plans the creation of an INBOX for each account that has none. */
export function planInboxes(state: State, now: number): Plan<void> {
  const numbering = new Numbering(state);
  const without = [...state.accounts.values()].filter(({ inbox }) => inbox === undefined);
  const lines = without.map(({ name }) => [inboxEntry(state, name, numbering.take(), now)]);
  return { lines, result: () => undefined };
}

const accountEntry = (account: AccountName, seq: Seq, now: number): AccountEntry => ({
  do: 'account',
  seq,
  change: 'account-added',
  account,
  createdAt: now,
  opened: false,
  minted: false,
  password: null,
});

export function planMint(state: State, name: AccountName, password: string, now: number): Plan<AccountInfo> {
  if (state.accounts.has(name)) throw new StoreError('exists', `The account ${name} exists already`);
  const numbering = new Numbering(state);
  const account = { ...accountEntry(name, numbering.take(), now), minted: true, password };
  return { lines: [[account, inboxEntry(state, name, numbering.take(), now)]], result: infoOf(state, name) };
}

/**
 * Plans a new password for an account. From then on, the account is regarded as created by an API call, which
 * means that the account and its password remain after its last message is removed.
 */
export function planPassword(
  state: State,
  name: AccountName,
  password: string | null,
  now: number,
): Plan<AccountInfo> {
  const known = state.accounts.get(name);
  if (known === undefined) throw new StoreError('not-found', `There is no account ${name}`);
  const result = infoOf(state, name);
  if (known.password === password) return { lines: [], result };
  const entry: AccountEntry = {
    ...accountEntry(name, new Numbering(state).take(), now),
    change: 'account-changed',
    createdAt: known.createdAt,
    opened: known.opened,
    minted: known.minted || password !== null,
    password,
  };
  return { lines: [[entry]], result };
}

export function planOpen(state: State, name: AccountName, now: number): Plan<AccountInfo> {
  const known = state.accounts.get(name);
  const result = infoOf(state, name);
  if (known?.opened === true) return { lines: [], result };
  const numbering = new Numbering(state);
  const line: Entry[] = [];
  const seq = numbering.take(known === undefined ? 1 : 0);
  line.push(
    known === undefined
      ? { ...accountEntry(name, seq, now), opened: true }
      : {
          ...accountEntry(name, seq, now),
          change: null,
          createdAt: known.createdAt,
          opened: true,
          minted: known.minted,
          password: known.password,
        },
  );
  if (known?.inbox === undefined) line.push(inboxEntry(state, name, numbering.take(), now));
  for (const { name: mailboxName, role } of STANDARD_MAILBOXES) {
    if (known?.mailbox(mailboxName) !== undefined) continue;
    const added = numbering.take();
    line.push({
      do: 'mailbox',
      seq: added,
      at: now,
      change: 'mailbox-added',
      mailbox: mailboxIdOf(added),
      account: name,
      name: mailboxName,
      role,
      uidValidity: state.uidValidity(name, mailboxName, now),
    });
    line.push({ do: 'subscribe', seq: added, account: name, name: mailboxName, subscribed: true });
  }
  return { lines: [line], result };
}

/** Plans the removal of an account and of the messages that are in no other account except `all`. */
export function planRemoveAccount(state: State, name: AccountName, now: number): Plan<boolean> {
  if (name === ALL) throw new StoreError('invalid-name', 'The account all cannot be removed');
  const account = state.accounts.get(name);
  if (account === undefined) return nothing(false);
  const numbering = new Numbering(state);
  const departures = new Departures(new Set([name]));
  const records = new Set(
    [...account.mailboxes()].flatMap((m) => m.placements.toArray().map((p) => p.record)),
  );
  const own = [...records].filter(({ places }) =>
    places.every(({ mailbox }) => mailbox.account === account || mailbox.account.name === ALL),
  );
  const line: Entry[] = [];
  if (own.length > 0) line.push(removeEntry(own, 'account-removed', now, numbering, departures));
  line.push(...leaveMailboxes(account, now, numbering, departures));
  line.push({ do: 'account-gone', seq: numbering.take(), at: now, account: name });
  return { lines: [line], result: () => true };
}

function leaveMailboxes(
  account: AccountState,
  now: number,
  numbering: Numbering,
  departures: Departures,
): Entry[] {
  return [...account.mailboxes()].flatMap((mailbox) => {
    const entry = expungeEntry(mailbox, mailbox.placements.toArray(), now, numbering, departures);
    return entry === undefined ? [] : [entry];
  });
}
