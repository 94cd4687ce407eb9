/**
 * Plans changes of mailboxes: creation, deletion, renaming, subscription, and the end of the `\Recent` state of
 * messages.
 */
import type { AccountName, Uid } from '../../ids.ts';
import { StoreError, type MailboxInfo, type MailboxRole } from '../../store.ts';
import type { AccountState, MailboxState } from '../../model/mail.ts';
import type { Entry, MailboxEntry } from '../../model/entry.ts';
import type { State } from '../../model/state.ts';
import { Departures } from './departures.ts';
import { mailboxIdOf, nothing, Numbering, type Plan } from './plan.ts';
import { expungeEntry } from './placements.ts';

/**
 * Maximum length of a mailbox name in octets, and maximum number of hierarchy levels in it. A name must fit
 * into a protocol line and remain readable.
 */
const MAX_NAME = 1000;
const MAX_LEVELS = 50;

/**
 * Returns the form in which a mailbox name is stored: the first level `INBOX` in capital letters (RFC 9051
 * §5.1), Unicode in NFC (RFC 5198).
 */
export function canonicalName(name: string): string {
  return name.replace(/^inbox(?=\/|$)/i, 'INBOX').normalize('NFC');
}

function validName(name: string): string {
  const canonical = canonicalName(name);
  const levels = canonical.split('/');
  const printable = !/\p{Cc}/u.test(canonical);
  if (
    levels.includes('') ||
    levels.length > MAX_LEVELS ||
    Buffer.byteLength(canonical) > MAX_NAME ||
    !printable
  ) {
    throw new StoreError('invalid-name', 'Invalid mailbox name');
  }
  return canonical;
}

function accountOf(state: State, name: AccountName): AccountState {
  const account = state.accounts.get(name);
  if (account === undefined) throw new StoreError('not-found', `There is no account ${name}`);
  return account;
}

export function mailboxOf(state: State, account: AccountName, name: string): MailboxState {
  const mailbox = state.accounts.get(account)?.mailbox(canonicalName(name));
  if (mailbox === undefined) throw new StoreError('not-found', `There is no mailbox ${name}`);
  return mailbox;
}

function createEntries(
  state: State,
  account: AccountState,
  name: string,
  role: MailboxRole | null,
  now: number,
  numbering: Numbering,
): MailboxEntry[] {
  const levels = name.split('/');
  const missing = levels
    .map((_, depth) => levels.slice(0, depth + 1).join('/'))
    .filter((path) => account.mailbox(path) === undefined);
  return missing.map((path) => {
    const seq = numbering.take();
    return {
      do: 'mailbox',
      seq,
      at: now,
      change: 'mailbox-added',
      mailbox: mailboxIdOf(seq),
      account: account.name,
      name: path,
      role: path === name ? role : null,
      uidValidity: state.uidValidity(account.name, path, now),
    };
  });
}

export function planCreate(
  state: State,
  accountName: AccountName,
  name: string,
  role: MailboxRole | null,
  now: number,
): Plan<MailboxInfo> {
  const account = accountOf(state, accountName);
  const path = validName(name);
  if (account.mailbox(path) !== undefined)
    throw new StoreError('exists', `The mailbox ${path} exists already`);
  const line = createEntries(state, account, path, role, now, new Numbering(state));
  return { lines: [line], result: () => mailboxOf(state, accountName, path).info() };
}

export function planDelete(state: State, account: AccountName, name: string, now: number): Plan<void> {
  const mailbox = mailboxOf(state, account, name);
  if (mailbox.role === 'inbox') throw new StoreError('invalid-name', 'INBOX cannot be deleted');
  const numbering = new Numbering(state);
  const departures = new Departures();
  const expunge = expungeEntry(mailbox, mailbox.placements.toArray(), now, numbering, departures);
  const line: Entry[] = expunge === undefined ? [] : [expunge];
  line.push({ do: 'mailbox-gone', seq: numbering.take(), at: now, mailbox: mailbox.id });
  return { lines: [line], result: () => undefined };
}

/**
 * Plans the renaming of a mailbox and its children. INBOX cannot be renamed; the engine moves its messages instead.
 */
export function planRename(
  state: State,
  accountName: AccountName,
  from: string,
  to: string,
  now: number,
): Plan<void> {
  const account = accountOf(state, accountName);
  const source = mailboxOf(state, accountName, from);
  const target = validName(to);
  if (account.mailbox(target) !== undefined)
    throw new StoreError('exists', `The mailbox ${target} exists already`);
  if (target.startsWith(`${source.name}/`)) {
    throw new StoreError('invalid-name', 'A mailbox cannot become its own child');
  }
  const numbering = new Numbering(state);
  const parent = target.slice(0, Math.max(0, target.lastIndexOf('/')));
  const parents = parent === '' ? [] : createEntries(state, account, parent, null, now, numbering);
  const moving = [...account.others.values()].filter(
    ({ name }) => name === source.name || name.startsWith(`${source.name}/`),
  );
  const renamed = moving.map((mailbox): MailboxEntry => {
    const name = target + mailbox.name.slice(source.name.length);
    if (account.mailbox(name) !== undefined && !moving.some((other) => other.name === name)) {
      throw new StoreError('exists', `The mailbox ${name} exists already`);
    }
    return {
      do: 'mailbox',
      seq: numbering.take(),
      at: now,
      change: 'mailbox-renamed',
      mailbox: mailbox.id,
      account: account.name,
      name,
      role: mailbox.role,
      uidValidity: Math.max(mailbox.uidValidity, state.uidValidity(account.name, name, now)),
    };
  });
  return { lines: [[...parents, ...renamed]], result: () => undefined };
}

export function planSubscribe(
  state: State,
  accountName: AccountName,
  name: string,
  subscribed: boolean,
): Plan<void> {
  const account = accountOf(state, accountName);
  const path = validName(name);
  if (account.subscriptions.has(path) === subscribed) return nothing(undefined);
  const mailbox = account.mailbox(path)?.id;
  const seq = new Numbering(state).take(mailbox === undefined ? 0 : 1);
  const entry = { do: 'subscribe', seq, account: accountName, name: path, subscribed } as const;
  return {
    lines: [[mailbox === undefined ? entry : { ...entry, mailbox }]],
    result: () => undefined,
  };
}

/**
 * Plans a change after which only the calling IMAP session receives the new messages of a mailbox as `\Recent`.
 * The result of the plan is the UID from which messages are new: no session has received them as `\Recent`
 * before.
 */
export function planClaimRecent(state: State, mailbox: MailboxState): Plan<Uid> {
  const claimed = mailbox.recent;
  if (mailbox.uidNext === claimed) return nothing(claimed);
  const seq = new Numbering(state).take(0);
  return {
    lines: [[{ do: 'recent', seq, mailbox: mailbox.id, uid: mailbox.uidNext }]],
    result: () => claimed,
  };
}
