/** The rows of the tables, and their conversion to and from the objects of the model. */
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { MailboxRole } from '../store.ts';
import type { AccountState, MailboxState } from '../model/mail.ts';
import type { State } from '../model/state.ts';

/**
 * The columns of the rows, in SQL. A prepared statement names the columns that it returns, because the database refuses
 * a prepared `select *` after another node has added a column.
 */
export const HEAD = 'seq, epoch, messages, bytes, latest_seq, latest_at, account_since, clock_steps';
export const ACCOUNT = 'name, created_at, opened, minted, password, subscriptions';
const MAILBOX_COLUMNS = [
  ...[
    'id',
    'account',
    'name',
    'role',
    'uid_validity',
    'uid_next',
    'recent',
    'highest_modseq',
    'history_floor',
  ],
  ...['messages', 'unseen', 'deleted', 'size'],
];
export const MAILBOX = MAILBOX_COLUMNS.join(', ');
/** The columns of the table `mailbox` whose alias is `m`. */
export const MAILBOX_OF_M = MAILBOX_COLUMNS.map((column) => `m.${column}`).join(', ');

export interface HeadRow {
  readonly seq: Seq;
  readonly epoch: string;
  readonly messages: number;
  readonly bytes: number;
  /**
   * Change number (seq) and storage time of the message that was stored last; `null` in a store that never had a
   * message.
   */
  readonly latest_seq: Seq | null;
  readonly latest_at: number | null;
  /** The latest creation time (`since`) of all accounts that ever existed. */
  readonly account_since: number;
  /** The recorded steps of the clock (see `ClockSteps`), as JSON. */
  readonly clock_steps: string;
}

export interface AccountRow {
  readonly name: AccountName;
  readonly created_at: number;
  readonly opened: boolean;
  readonly minted: boolean;
  readonly password: string | null;
  readonly subscriptions: readonly string[] | null;
}

export interface MailboxRow {
  readonly id: MailboxId;
  readonly account: AccountName;
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly uid_validity: number;
  readonly uid_next: Uid;
  readonly recent: Uid;
  readonly highest_modseq: Seq;
  readonly history_floor: Seq;
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  readonly size: number;
}

export interface MessageRow {
  readonly id: MessageId;
  readonly seq: Seq;
  readonly stored_at: number;
  readonly received_at: number;
  readonly size: number;
  readonly sum: number | null;
  readonly tags: readonly string[];
}

export interface PlacementRow {
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly message: MessageId;
  readonly flags: readonly string[];
  readonly modseq: Seq;
  readonly born: Seq;
  readonly saved_at: number;
  /**
   * Index of this placement (a message in a mailbox) among the placements of the message that the same change added.
   * Together with `born`, the number (seq) of that change, it determines the order of the placements.
   */
  readonly position: number;
}

export const accountRow = (account: AccountState): AccountRow => ({
  name: account.name,
  created_at: account.createdAt,
  opened: account.opened,
  minted: account.minted,
  password: account.password,
  subscriptions: subscriptionsOf(account),
});

/** Returns the subscriptions of an account; `null` for an account whose only subscription is the INBOX. */
function subscriptionsOf({ subscriptions }: AccountState): readonly string[] | null {
  return subscriptions.size === 1 && subscriptions.has('INBOX') ? null : [...subscriptions].sort();
}

export const mailboxRow = (mailbox: MailboxState): MailboxRow => ({
  id: mailbox.id,
  account: mailbox.account.name,
  name: mailbox.name,
  role: mailbox.role,
  uid_validity: mailbox.uidValidity,
  uid_next: mailbox.uidNext,
  recent: mailbox.recent,
  highest_modseq: mailbox.highestModseq,
  history_floor: mailbox.keptHistory.floor,
  messages: mailbox.messages,
  unseen: mailbox.unseen,
  deleted: mailbox.deleted,
  size: mailbox.size,
});

/** Adds an account to a state. */
export function restoreAccount(state: State, row: AccountRow): void {
  const account = state.addAccount(row.name, row.created_at);
  const { opened, minted, password } = row;
  Object.assign(account, { opened, minted, password });
  if (row.subscriptions === null) return;
  for (const name of row.subscriptions) account.subscribe(name, true);
  if (!row.subscriptions.includes('INBOX')) account.subscribe('INBOX', false);
}

/**
 * Adds a mailbox to a state, with its counters but without its placements (the messages in it). The account of the
 * mailbox must already be in the state.
 */
export function restoreMailbox(state: State, row: MailboxRow): void {
  const account = state.accounts.get(row.account);
  if (account === undefined) return;
  const { name, role, uid_validity: uidValidity, highest_modseq: modseq } = row;
  const mailbox = state.addMailbox(row.id, account, { name, role, uidValidity, modseq });
  const { uid_next: uidNext, recent, messages, unseen, deleted, size } = row;
  Object.assign(mailbox, { uidNext, recent, messages, unseen, deleted, size });
  mailbox.restoreHistory([], row.history_floor);
}
