/** What a compacted log begins with: the state at one moment, as entries that make it again. */
import type { Seq, Uid } from '../ids.ts';
import type { MailboxRole } from '../store.ts';
import type { AccountState } from '../state/account-state.ts';
import type { AccountEntry, Entry, KeepEntry, KeptPlace, MailboxEntry } from '../state/entry.ts';
import type { MailboxState } from '../state/mailbox-state.ts';
import type { MessageRecord, NotePosition, Position } from '../state/message-record.ts';
import type { PlacementState } from '../state/placement.ts';
import type { State } from '../state/state.ts';
import type { StoredSummary } from '../state/stored-summary.ts';
import { encodeMessage } from './line.ts';

/** Changes in one line of history. */
const HISTORY_LINE = 200;

export interface KeptMessage extends Position {
  readonly record: MessageRecord;
  readonly tags: readonly string[];
  readonly places: readonly PlacementState[];
  readonly notes: readonly NotePosition[];
}

interface KeptMailbox {
  readonly mailbox: MailboxState;
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly uidValidity: number;
  readonly uidNext: Uid;
  readonly recent: Uid;
  readonly modseq: Seq;
  readonly history: ReturnType<() => MailboxState['keptHistory']>;
}

interface KeptAccount {
  readonly account: AccountState;
  readonly facts: Pick<AccountEntry, 'createdAt' | 'opened' | 'minted' | 'password'>;
  readonly mailboxes: readonly KeptMailbox[];
  readonly subscriptions: readonly string[];
}

export interface Snapshot {
  readonly seq: Seq;
  readonly accounts: readonly KeptAccount[];
  readonly messages: readonly KeptMessage[];
  /** Lines that are short enough to be made at once. */
  readonly records: readonly Entry[];
  readonly history: readonly Entry[];
}

/** Takes it on the spot: references, hardly any copies. */
export function takeSnapshot(state: State): Snapshot {
  const messages = state.arrivals.toArray().map((record): KeptMessage => {
    const { tags, places, notes, offset, length } = record;
    return { record, tags, places, notes, offset, length };
  });
  const changes = state.ring.history();
  const history = Array.from({ length: Math.ceil(changes.length / HISTORY_LINE) }, (_, i): Entry => {
    const some = changes.slice(i * HISTORY_LINE, (i + 1) * HISTORY_LINE);
    return { do: 'history', seq: some[0]?.seq ?? state.seq, changes: some };
  });
  return {
    seq: state.seq,
    accounts: [...state.accounts.values()].map(keptAccount),
    messages,
    records: kept(state),
    history,
  };
}

function kept(state: State): Entry[] {
  return [...state.records].flatMap(([collection, records]) =>
    [...records].map(([key, value]): Entry => ({
      do: 'record',
      seq: state.seq,
      collection,
      key,
      value,
      kept: true,
    })),
  );
}

const keptMailbox = (mailbox: MailboxState): KeptMailbox => ({
  mailbox,
  name: mailbox.name,
  role: mailbox.role,
  uidValidity: mailbox.uidValidity,
  uidNext: mailbox.uidNext,
  recent: mailbox.recent,
  modseq: mailbox.highestModseq,
  history: mailbox.keptHistory,
});

function keptAccount(account: AccountState): KeptAccount {
  const { createdAt, opened, minted, password } = account;
  return {
    account,
    facts: { createdAt, opened, minted, password },
    mailboxes: Array.from(account.mailboxes(), keptMailbox),
    subscriptions: account.forgettable ? [] : [...account.subscriptions],
  };
}

/** The line of an account and its mailboxes. */
export function accountLine(kept: KeptAccount, seq: Seq): readonly Entry[] {
  const { name } = kept.account;
  const made: AccountEntry = { do: 'account', seq, change: null, account: name, ...kept.facts };
  const mailboxes = kept.mailboxes.map((each): MailboxEntry => ({
    do: 'mailbox',
    seq,
    at: kept.facts.createdAt,
    change: null,
    mailbox: each.mailbox.id,
    account: name,
    name: each.name,
    role: each.role,
    uidValidity: each.uidValidity,
    kept: { uidNext: each.uidNext, recent: each.recent, modseq: each.modseq, ...each.history },
  }));
  const subscriptions = kept.subscriptions
    .filter((other) => other !== 'INBOX')
    .map((other): Entry => ({ do: 'subscribe', seq, account: name, name: other, subscribed: true }));
  const unsubscribed: Entry[] =
    kept.subscriptions.length === 0 || kept.subscriptions.includes('INBOX')
      ? []
      : [{ do: 'subscribe', seq, account: name, name: 'INBOX', subscribed: false }];
  return [made, ...mailboxes, ...subscriptions, ...unsubscribed];
}

/** The line of a message with what has happened to it since; `detail` is JSON. */
export function messageLine(kept: KeptMessage, message: StoredSummary, detail: string): Buffer {
  const { storedAt, seq } = kept.record;
  const places = kept.places.map((place): KeptPlace => {
    const { uid, flags, modseq, savedAt, born } = place;
    return {
      mailbox: place.mailbox.id,
      uid,
      ...(flags.length > 0 && { flags }),
      ...(modseq !== seq && { modseq }),
      ...(born !== seq && { born }),
      ...(savedAt !== storedAt && { savedAt }),
    };
  });
  const entry: Omit<KeepEntry, 'detail'> = {
    do: 'keep',
    seq,
    at: storedAt,
    message: { ...message, tags: kept.tags },
    places,
  };
  return encodeMessage(entry, detail);
}
