/**
 * What the log holds: one entry per thing done, each explicit enough that applying it never depends on what an
 * earlier, perhaps lost, entry did: numbers are assigned when an entry is planned, not when it is applied.
 *
 * Invariants:
 * - `seq` is the number of the entry's first change; its changes are numbered on from there, in listed order.
 * - Applying an entry whose objects are gone leaves those out and keeps the numbers of the rest.
 */
import type { EsmtpParameters, Origin, TranscriptLine } from '../../message/envelope.ts';
import type { Finding } from '../../message/finding.ts';
import type { Defect } from '../../message/structure.ts';
import type { Change, MessageRemoved } from '../changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from '../ids.ts';
import type { MailboxRole } from '../store.ts';
import type { StoredSummary } from './stored-summary.ts';

/** What is kept of a message beside its summary and its bytes: on disk, never resident. */
export interface MessageDetail {
  /** ESMTP parameters of the envelope, `to` in the order of `envelope.to`. */
  readonly parameters: { readonly from: EsmtpParameters; readonly to: readonly EsmtpParameters[] };
  readonly origin: Origin;
  readonly transcript: readonly TranscriptLine[];
  readonly defects: readonly Defect[];
  readonly findings: readonly Finding[];
  readonly notes: Readonly<Record<string, unknown>>;
}

declare const brand: unique symbol;
/** A `MessageDetail` as JSON: written as it stands, read when somebody asks for it. */
export type DetailText = string & { readonly [brand]: 'DetailText' };

export const detailText = (detail: MessageDetail): DetailText => JSON.stringify(detail) as DetailText;
export const readDetailText = (text: DetailText): MessageDetail => JSON.parse(text) as MessageDetail;

/** Where a new message lies. */
export interface NewPlace {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  /** UIDVALIDITY of the account's INBOX, where account and INBOX appear with this message. */
  readonly appears?: number;
}

/** A new message. Its changes: an account-added for each place that appears, then the message-added. */
export interface AddEntry {
  readonly do: 'add';
  readonly seq: Seq;
  /** When it was stored, milliseconds since the epoch. */
  readonly at: number;
  readonly message: StoredSummary;
  readonly places: readonly NewPlace[];
  readonly detail: DetailText;
}

/** Where a kept message lies, with all that has happened to the placement. */
export interface KeptPlace {
  readonly mailbox: MailboxId;
  readonly uid: Uid;
  readonly flags?: readonly string[];
  readonly modseq?: Seq;
  readonly born?: Seq;
  readonly savedAt?: number;
}

/** A message as compaction found it. No change. */
export interface KeepEntry {
  readonly do: 'keep';
  readonly seq: Seq;
  readonly at: number;
  readonly message: StoredSummary;
  readonly places: readonly KeptPlace[];
  readonly detail: DetailText;
}

/** Messages get further placements: one `placed` each. */
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

/** Placements go: `expunged` each, or `message-removed` for those in `dead`; then accounts that end with it. */
export interface ExpungeEntry {
  readonly do: 'expunge';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  /** UID sets as in IMAP, `1:3,7`. */
  readonly uids: string;
  readonly dead?: string;
  readonly at: number;
  readonly forget?: readonly AccountName[];
}

/** Messages go for good: one `message-removed` each, then accounts that end with them. */
export interface RemoveEntry {
  readonly do: 'remove';
  readonly seq: Seq;
  readonly at: number;
  readonly ids: readonly MessageId[];
  readonly reason: MessageRemoved['reason'];
  readonly forget?: readonly AccountName[];
}

/** Placements get new flags: one `flagged` each. */
export interface FlagEntry {
  readonly do: 'flag';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly sets: readonly { readonly flags: readonly string[]; readonly uids: string }[];
}

/** Messages get new tags: one `tagged` each. */
export interface TagEntry {
  readonly do: 'tag';
  readonly seq: Seq;
  readonly sets: readonly { readonly tags: readonly string[]; readonly ids: readonly MessageId[] }[];
}

/** A value as JSON: written as it stands. It may be large. */
export type NoteText = string & { readonly [brand]: 'NoteText' };

/** A note on a message; without a value it goes. */
export interface NoteEntry {
  readonly do: 'note';
  readonly seq: Seq;
  readonly message: MessageId;
  readonly key: string;
  readonly value?: NoteText | undefined;
}

/** An account is made or changed. */
export interface AccountEntry {
  readonly do: 'account';
  readonly seq: Seq;
  readonly change: 'account-added' | 'account-changed' | null;
  readonly account: AccountName;
  readonly createdAt: number;
  /** Somebody logged in or filed something: it stays when it is empty. */
  readonly opened: boolean;
  readonly minted: boolean;
  readonly password: string | null;
}

/** An account goes, with what mailboxes it has left. */
export interface AccountGoneEntry {
  readonly do: 'account-gone';
  readonly seq: Seq;
  readonly at: number;
  readonly account: AccountName;
}

/** A mailbox is made, renamed, or given another role. */
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
  /** What compaction found; absent where the mailbox is new. */
  readonly kept?: {
    readonly uidNext: Uid;
    readonly recent: Uid;
    readonly modseq: Seq;
    /** Expunge history: UIDs and seqs in pairs, remembered for what came after `floor`. */
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
  /** The mailbox of that name, where there is one: it hears of the change. */
  readonly mailbox?: MailboxId;
}

/** Recent messages were claimed up to, not including, a UID. No change. */
export interface RecentEntry {
  readonly do: 'recent';
  readonly seq: Seq;
  readonly mailbox: MailboxId;
  readonly uid: Uid;
}

/** A keyed record; without a value it goes. */
export interface RecordEntry {
  readonly do: 'record';
  readonly seq: Seq;
  readonly collection: string;
  readonly key: string;
  readonly value?: unknown;
  /** Compaction found it: no change. */
  readonly kept?: true;
}

/** Changes that compaction carried over, so that the feed still reaches back behind it. */
export interface HistoryEntry {
  readonly do: 'history';
  readonly seq: Seq;
  readonly changes: readonly Change[];
}

/** First line of a log. */
export interface LogEntry {
  readonly do: 'log';
  readonly version: number;
  /** Seq of the state that the log begins with. */
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

/** Entries that stand or fall together: one line of the log. */
export interface Commit {
  readonly entries: readonly Entry[];
}
