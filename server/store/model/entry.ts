/**
 * The entries of the log: one entry for each operation. The numbers of an operation (seqs and UIDs) are
 * assigned when the operation is planned, and are part of the entry. Therefore applying an entry never
 * depends on an earlier entry, which may be lost.
 *
 * Invariants:
 * - `seq` is the number of the first change that an entry causes; its other changes have the following
 *   numbers, in the order in which the comment of the entry lists them.
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
  /**
   * ESMTP parameters of the sender and of the recipients in the envelope. `to` is in the same order as
   * `envelope.to`.
   */
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

/** A mailbox that a new message is added to, and the UID and flags of the message in this mailbox. */
export interface NewPlace {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  /**
   * UIDVALIDITY of the account's INBOX. It is present if the account and its INBOX are created by this
   * message.
   */
  readonly appears?: number;
}

/**
 * Adds a new message. Causes an `account-added` change for each account that is created for the message, then
 * a `message-added` change.
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
 * A mailbox that contains a message, and the current UID and flags of the message in this mailbox. It is
 * written when the log is compacted.
 */
export interface KeptPlace {
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  readonly modseq?: Seq;
  readonly born?: Seq;
  readonly savedAt?: number;
}

/**
 * A message with its current mailboxes and tags. The entry is written when the log is compacted; applying it
 * causes no change.
 */
export interface KeepEntry {
  readonly do: 'keep';
  readonly seq: Seq;
  readonly at: number;
  readonly message: StoredSummary;
  readonly places: readonly KeptPlace[];
  readonly detail: DetailText;
}

/** Adds existing messages to a mailbox. Causes a `placed` change for each message. */
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
 * Removes messages from a mailbox. Causes one change for each message: `message-removed` for the messages in
 * `dead`, which are thereby deleted from the store, and `expunged` for the others. Then causes an
 * `account-removed` change for each account in `forget`.
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
 * Deletes the messages whose ids are in `ids` from all mailboxes. Causes a `message-removed` change for each
 * message, then an `account-removed` change for each account in `forget`.
 */
export interface RemoveEntry {
  readonly do: 'remove';
  readonly seq: Seq;
  readonly at: number;
  readonly ids: readonly MessageId[];
  readonly reason: MessageRemoved['reason'];
  readonly forget?: readonly AccountName[];
}

/** Replaces the flags of messages in a mailbox. Causes a `flagged` change for each message. */
export interface FlagEntry {
  readonly do: 'flag';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly sets: readonly { readonly flags: readonly string[]; readonly uids: string }[];
}

/** Replaces the tags of messages. Causes a `tagged` change for each message. */
export interface TagEntry {
  readonly do: 'tag';
  readonly seq: Seq;
  readonly sets: readonly { readonly tags: readonly string[]; readonly ids: readonly MessageId[] }[];
}

/** The value of a note as JSON text, which may be large. It is written to the log unchanged. */
export type NoteText = string & { readonly [brand]: 'NoteText' };

/** Records the new places of the bytes of messages that were moved to another segment. Results in no change. */
export interface MovedEntry {
  readonly do: 'moved';
  readonly seq: Seq;
  readonly items: readonly (readonly [message: MessageId, segment: number, offset: number])[];
}

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
   * Whether a user has logged in to the account or stored a message in it. If so, the account is not removed
   * when it becomes empty.
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
  /**
   * Current numbers of the mailbox, which are written when the log is compacted; absent in an entry that
   * creates a mailbox.
   */
  readonly kept?: {
    readonly uidNext: Uid;
    readonly recent: Uid;
    readonly modseq: Seq;
    /**
     * The UIDs that were expunged from the mailbox after the change number `floor`: pairs of a UID and the
     * number (seq) of its expunge, in one flat array.
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
   * The id of the mailbox that has the subscribed name, if such a mailbox exists. The IMAP sessions of this
   * mailbox are notified of the change.
   */
  readonly mailbox?: MailboxId;
}

/**
 * Stores that messages with a UID below `uid` are no longer recent for new sessions (see `claimRecent`).
 * Applying the entry causes no change.
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
  /** True if the entry was written when the log was compacted. Applying such an entry causes no change. */
  readonly kept?: true;
}

/**
 * Earlier changes, which are written when the log is compacted, so that the change feed can still return
 * changes from before the compaction.
 */
export interface HistoryEntry {
  readonly do: 'history';
  readonly seq: Seq;
  readonly changes: readonly Change[];
}

/** The first line of a log, which contains the version of the log's format. */
export interface LogEntry {
  readonly do: 'log';
  readonly version: number;
  /** Number of the last change before this log; the first change in the log has the next number. */
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
  | MovedEntry
  | AccountEntry
  | AccountGoneEntry
  | MailboxEntry
  | MailboxGoneEntry
  | SubscribeEntry
  | RecentEntry
  | RecordEntry
  | HistoryEntry;
