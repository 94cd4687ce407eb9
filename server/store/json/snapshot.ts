/**
 * Takes a snapshot of the state: log entries that recreate the state of one moment. They are the content of a
 * compacted log.
 */
import type { Seq, Uid } from '../ids.ts';
import type { MailboxRole } from '../store.ts';
import type { AccountState, MailboxState, MessageRecord, PlacementState } from '../model/mail.ts';
import type { AccountEntry, DetailText, Entry, KeepEntry, KeptPlace, MailboxEntry } from '../model/entry.ts';
import type { NotePosition, Position } from '../position.ts';
import type { State } from '../model/state.ts';
import { storedPlace, type StoredSummary } from '../model/stored-summary.ts';
import type { TimeSlice } from '../../async/time-slice.ts';
import { encodeMessage } from './entry-line.ts';

/** Number of changes that are written to one line of the log when the change feed is stored. */
const HISTORY_LINE = 200;
/** Number of items that are copied before the time slice is checked again. */
const CLOCK_INTERVAL = 256;

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
  readonly accounts: () => Iterable<KeptAccount>;
  /** The messages that existed at the moment of the snapshot, ascending by seq (change number). */
  readonly records: readonly MessageRecord[];
  /**
   * Iterates over the messages, in the order of `records`, with the data that each message had at the moment
   * of the snapshot.
   */
  readonly messages: () => Iterable<KeptMessage>;
  /**
   * The log entries that set the records (JSON values with a key). There are few records, so all these
   * entries are created at once.
   */
  readonly entries: readonly Entry[];
  readonly history: readonly Entry[];
}

/**
 * Takes a snapshot in time slices; the state must not change until the promise resolves. The data of messages
 * and accounts is copied to a few large arrays, because an object for each of 100,000 messages would burden
 * the garbage collector.
 */
export async function takeSnapshot(state: State, slice: TimeSlice, signal: AbortSignal): Promise<Snapshot> {
  const pause = async (): Promise<void> => {
    await slice.rest();
    signal.throwIfAborted();
  };
  const accounts = await takeAccounts(state, slice, pause);
  const records = state.arrivals.toArray();
  const messages = await takeMessages(records, slice, pause);
  const changes = state.ring.history();
  const history = Array.from({ length: Math.ceil(changes.length / HISTORY_LINE) }, (_, i): Entry => {
    const some = changes.slice(i * HISTORY_LINE, (i + 1) * HISTORY_LINE);
    return { do: 'history', seq: some[0]?.seq ?? state.seq, changes: some };
  });
  return {
    seq: state.seq,
    accounts,
    records,
    messages,
    entries: kept(state),
    history,
  };
}

/** Copies the fields of all messages that may change after the snapshot was taken. */
async function takeMessages(
  records: readonly MessageRecord[],
  slice: TimeSlice,
  pause: () => Promise<void>,
): Promise<Snapshot['messages']> {
  const tags = new Array<KeptMessage['tags']>(records.length);
  const places = new Array<KeptMessage['places']>(records.length);
  const notes = new Array<KeptMessage['notes']>(records.length);
  for (const [i, record] of records.entries()) {
    tags[i] = record.tags;
    places[i] = record.places;
    notes[i] = record.notes;
    if (i % CLOCK_INTERVAL === 0 && slice.over) await pause();
  }
  return function* () {
    for (const [i, record] of records.entries()) {
      // The position of a message's log line need not be copied, because it does not change before this
      // compaction ends.
      const { offset, length } = record;
      yield { record, offset, length, tags: tags[i] ?? [], places: places[i] ?? [], notes: notes[i] ?? [] };
    }
  };
}

/** Number of fields (all of them numbers) that are copied for an account whose only mailbox is its INBOX. */
const COLUMNS = 5;

/**
 * Copies the accounts. Most accounts have no mailbox other than INBOX; only five numbers are copied for such
 * an account. Other accounts are copied as objects.
 */
async function takeAccounts(
  state: State,
  slice: TimeSlice,
  pause: () => Promise<void>,
): Promise<Snapshot['accounts']> {
  const accounts = [...state.accounts.values()];
  const numbers = new Float64Array(accounts.length * COLUMNS);
  const copies = new Map<number, KeptAccount>();
  // The INBOX objects are stored here, because an INBOX may be removed from the state before the snapshot is
  // written to the log.
  const inboxes = new Array<MailboxState | undefined>(accounts.length);
  for (const [i, account] of accounts.entries()) {
    if (i % CLOCK_INTERVAL === 0 && slice.over) await pause();
    const { inbox } = account;
    inboxes[i] = inbox;
    if (inbox === undefined || !account.forgettable || account.password !== null || inbox.hasHistory) {
      copies.set(i, keptAccount(account));
      continue;
    }
    const at = i * COLUMNS;
    numbers[at] = account.createdAt;
    numbers[at + 1] = inbox.uidValidity;
    numbers[at + 2] = inbox.uidNext;
    numbers[at + 3] = inbox.recent;
    numbers[at + 4] = inbox.highestModseq;
  }
  return function* () {
    for (const [i, account] of accounts.entries()) {
      const [createdAt = 0, uidValidity = 0, uidNext, recent, modseq] = numbers.subarray(i * COLUMNS);
      const inbox = inboxes[i];
      const copy = copies.get(i);
      if (copy !== undefined) yield copy;
      else if (inbox !== undefined) {
        yield {
          account,
          facts: { createdAt, opened: false, minted: false, password: null },
          mailboxes: [
            {
              mailbox: inbox,
              name: 'INBOX',
              role: 'inbox',
              uidValidity,
              uidNext: uidNext as Uid,
              recent: recent as Uid,
              modseq: modseq as Seq,
              history: NO_HISTORY,
            },
          ],
          subscriptions: [],
        };
      }
    }
  };
}

/** Expunge history (list of expunged messages) for an INBOX from which no message was ever expunged. */
const NO_HISTORY: KeptMailbox['history'] = { floor: 0 as Seq };

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

/** Returns the entries of the log line that recreates an account and its mailboxes. */
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

/**
 * Returns the log line that recreates a message in its current state, which includes all changes since it was
 * stored.
 */
export function messageLine(kept: KeptMessage, message: StoredSummary, detail: DetailText): Buffer {
  const { storedAt, seq, raw } = kept.record;
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
    message: { ...message, raw: storedPlace(raw), tags: kept.tags },
    places,
  };
  return encodeMessage(entry, detail);
}
