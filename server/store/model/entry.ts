/**
 * The entries of the log: one entry for each operation. An entry contains every number that is needed to apply
 * it, so that applying it never depends on an earlier entry, which may be lost: numbers (seqs and UIDs) are
 * assigned when an entry is planned, not when it is applied.
 *
 * Invariants:
 * - `seq` is the number of the entry's first change; its other changes have the following numbers, in listed
 *   order.
 * - When an entry names objects that no longer exist, `apply` skips these objects and does not renumber the
 *   others.
 */
import type { EsmtpParameters, Origin, TranscriptLine } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import type { Defect } from '../../message/structure.ts';
import type { Change, MessageRemoved } from '../changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { MailboxRole } from '../store.ts';
import type { StoredSummary } from './stored-summary.ts';

/**
 * The stored data of a message except its summary and its bytes. The detail is only on disk; it is read into
 * memory only when a caller requests it.
 */
export interface MessageDetail {
  /** ESMTP parameters of the envelope's sender and recipients; `to` has the order of `envelope.to`. */
  readonly parameters: { readonly from: EsmtpParameters; readonly to: readonly EsmtpParameters[] };
  readonly origin: Origin;
  readonly transcript: readonly TranscriptLine[];
  readonly defects: readonly Defect[];
  readonly findings: readonly Finding[];
  readonly notes: Readonly<Record<string, unknown>>;
}

declare const brand: unique symbol;
/**
 * A `MessageDetail` as JSON text. It is written to the log unchanged and parsed only when a caller requests the
 * detail.
 */
export type DetailText = string & { readonly [brand]: 'DetailText' };

export const detailText = (detail: MessageDetail): DetailText => JSON.stringify(detail) as DetailText;
export const readDetailText = (text: DetailText): MessageDetail => JSON.parse(text) as MessageDetail;

/** The mailbox that a new message is added to, with the UID and the flags there. */
export interface NewPlace {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  /** UIDVALIDITY of the account's INBOX; present if this message creates the account and its INBOX. */
  readonly appears?: number;
}

/**
 * Adds a new message. Resulting changes: an `account-added` change for each account that the message creates,
 * then the `message-added` change.
 */
export interface AddEntry {
  readonly do: 'add';
  readonly seq: Seq;
  /** Time at which the store stored the message, in milliseconds since the epoch. */
  readonly at: number;
  readonly message: StoredSummary;
  readonly places: readonly NewPlace[];
  readonly detail: DetailText;
}

/**
 * The mailbox of a message, with the UID and flags there, as the compaction of the log wrote it: all earlier
 * changes are merged in.
 */
export interface KeptPlace {
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  readonly modseq?: Seq;
  readonly born?: Seq;
  readonly savedAt?: number;
}

/** A message as the compaction of the log wrote it. Applying the entry results in no change. */
export interface KeepEntry {
  readonly do: 'keep';
  readonly seq: Seq;
  readonly at: number;
  readonly message: StoredSummary;
  readonly places: readonly KeptPlace[];
  readonly detail: DetailText;
}

/** Adds existing messages to a mailbox. Resulting changes: a `placed` change for each message. */
export interface PlaceEntry {
  readonly do: 'place';
  readonly seq: Seq;
  readonly at: number;
  readonly items: readonly {
    readonly message: MessageId;
    readonly mailbox: MailboxId;
    readonly uid: Uid;
    readonly flags?: readonly string[];
  }[];
}

/**
 * Removes messages from a mailbox. Resulting changes: an `expunged` change for each message, or a
 * `message-removed` change for each message in `dead`, which was in no other mailbox; then an `account-removed`
 * change for each account in `forget`.
 */
export interface ExpungeEntry {
  readonly do: 'expunge';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  /** UIDs of the removed messages as an IMAP sequence set, such as `1:3,7`; `dead` has the same format. */
  readonly uids: string;
  readonly dead?: string;
  readonly at: number;
  readonly forget?: readonly AccountName[];
}

/**
 * Deletes messages from all mailboxes. Resulting changes: a `message-removed` change for each message, then an
 * `account-removed` change for each account in `forget`.
 */
export interface RemoveEntry {
  readonly do: 'remove';
  readonly seq: Seq;
  readonly at: number;
  readonly ids: readonly MessageId[];
  readonly reason: MessageRemoved['reason'];
  readonly forget?: readonly AccountName[];
}

/** Replaces the flags of messages in a mailbox. Resulting changes: a `flagged` change for each message. */
export interface FlagEntry {
  readonly do: 'flag';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly sets: readonly { readonly flags: readonly string[]; readonly uids: string }[];
}

/** Replaces the tags of messages. Resulting changes: a `tagged` change for each message. */
export interface TagEntry {
  readonly do: 'tag';
  readonly seq: Seq;
  readonly sets: readonly { readonly tags: readonly string[]; readonly ids: readonly MessageId[] }[];
}

/** The value of a note as JSON text, written to the log unchanged. It may be large. */
export type NoteText = string & { readonly [brand]: 'NoteText' };

/** Sets a note of a message; an entry without a value deletes the note. */
export interface NoteEntry {
  readonly do: 'note';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly key: string;
  readonly value?: NoteText | undefined;
}

/** Creates or changes an account. */
export interface AccountEntry {
  readonly do: 'account';
  readonly seq: Seq;
  readonly change: 'account-added' | 'account-changed' | null;
  readonly account: AccountName;
  readonly createdAt: number;
  /**
   * Whether a user has logged in to the account or stored a message in it: such an account is not removed when
   * it is empty.
   */
  readonly opened: boolean;
  readonly minted: boolean;
  readonly password: string | null;
}

/** Removes an account with its remaining mailboxes. */
export interface AccountGoneEntry {
  readonly do: 'account-gone';
  readonly seq: Seq;
  readonly at: number;
  readonly account: AccountName;
}

/** Creates a mailbox, renames it, or changes its role. */
export interface MailboxEntry {
  readonly do: 'mailbox';
  readonly seq: Seq;
  readonly at: number;
  readonly change: 'mailbox-added' | 'mailbox-renamed' | 'mailbox-changed' | null;
  readonly mailbox: MailboxId;
  readonly account: AccountName;
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly uidValidity: number;
  /** Numbers of the mailbox that the compaction of the log preserved; absent in an entry that creates a mailbox. */
  readonly kept?: {
    readonly uidNext: Uid;
    readonly recent: Uid;
    readonly modseq: Seq;
    /**
     * The expunges of the mailbox after the seq `floor`: pairs of a UID and the seq of its expunge, in one flat
     * array.
     */
    readonly expunged?: readonly number[];
    readonly floor?: Seq;
  };
}

export interface MailboxGoneEntry {
  readonly do: 'mailbox-gone';
  readonly seq: Seq;
  readonly at: number;
  readonly mailbox: MailboxId;
}

export interface SubscribeEntry {
  readonly do: 'subscribe';
  readonly seq: Seq;
  readonly account: AccountName;
  readonly name: string;
  readonly subscribed: boolean;
  /**
   * The id of the mailbox with the name that is subscribed or unsubscribed, if that mailbox exists: its IMAP
   * sessions are notified of the change.
   */
  readonly mailbox?: MailboxId;
}

/**
 * Records that messages with a UID below `uid` are no longer recent for new sessions (see `claimRecent`).
 * Applying the entry results in no change.
 */
export interface RecentEntry {
  readonly do: 'recent';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
}

/** Sets a record; an entry without a value deletes the record. */
export interface RecordEntry {
  readonly do: 'record';
  readonly seq: Seq;
  readonly collection: string;
  readonly key: string;
  readonly value?: unknown;
  /** True if the compaction of the log wrote the entry: in this case, applying the entry results in no change. */
  readonly kept?: true;
}

/**
 * Changes that the compaction of the log preserved, so that the change feed still returns changes from before
 * the compaction.
 */
export interface HistoryEntry {
  readonly do: 'history';
  readonly seq: Seq;
  readonly changes: readonly Change[];
}

/** The first line of a log. */
export interface LogEntry {
  readonly do: 'log';
  readonly version: number;
  /** Number of the last change before the first change of this log; the change numbers of the log continue from it. */
  readonly seq: Seq;
}

export type Entry =
  | AddEntry
  | KeepEntry
  | PlaceEntry
  | ExpungeEntry
  | RemoveEntry
  | FlagEntry
  | TagEntry
  | NoteEntry
  | AccountEntry
  | AccountGoneEntry
  | MailboxEntry
  | MailboxGoneEntry
  | SubscribeEntry
  | RecentEntry
  | RecordEntry
  | HistoryEntry;
