/**
 * The store: the only place where mail state changes. Every implementation passes one conformance suite. Methods are
 * async, UIDs and seqs are assigned inside the store, and no code outside knows how mail is stored.
 *
 * Invariants:
 * - A method resolves after its change is committed; the change feed publishes the change before the method resolves.
 * - UIDs ascend and are never reused within a UIDVALIDITY; MODSEQ is the seq of the last change to a placement.
 * - A message is removed when its last placement in `all` is expunged or, if it has none there, its last placement.
 * - A message that enters an account's INBOX also enters the INBOX of `all`, unless `all` has it already.
 * - An account that mail created, and that was neither opened nor minted, is removed with its last message.
 * - Returned objects are immutable snapshots; the store never changes an array that a caller has.
 */
import type { MailAddress } from '../message/address.ts';
import type { Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { MessageFile, MessageOctets } from '../message/octets.ts';
import type { Defect } from '../message/structure.ts';
import type { ChangeFeed } from './changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from './ids.ts';
import type { Searchable } from './query/searched.ts';
import type { Query } from './query/ast.ts';
import { isDiskFull, storageReason } from './storage-reason.ts';

// ------------------------------------------------------------------------------------------- messages

/** What is needed to show a message in a list; kept resident for every message. */
export interface MessageSummary {
  readonly id: MessageId;
  /** Seq of the change that added the message. */
  readonly seq: Seq;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly receivedAt: number;
  /** Octets of the raw message. */
  readonly size: number;
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Bcc of the header, and the envelope's recipients that no header names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** The Date header as milliseconds since the epoch; `null` when absent or unreadable. */
  readonly date: number | null;
  /** Message-ID without angle brackets; `null` when absent. */
  readonly messageId: string | null;
  /** Addresses only; parameters are in the detail. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The authenticated user of the session it came by. */
  readonly user: string | null;
  readonly tags: readonly string[];
  readonly attachments: number;
  /** Whether it has an HTML body. */
  readonly hasHtml: boolean;
  /** About 200 characters of the text, white space folded. */
  readonly preview: string;
}

/** Everything kept with a message but its bytes. */
export interface StoredMessage extends MessageSummary {
  readonly fullEnvelope: Envelope;
  readonly origin: Origin;
  readonly transcript: readonly TranscriptLine[];
  readonly defects: readonly Defect[];
  readonly findings: readonly Finding[];
  /** Notes by key, JSON values; see `annotate`. */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** A message as one account's INBOX shows it: the summary with that placement's flags. */
export interface ListedMessage {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
}

/** Where a new message goes: an account's INBOX, or a mailbox (IMAP APPEND), with its first flags. */
export type Target =
  | { readonly account: AccountName; readonly flags?: readonly string[] }
  | { readonly mailbox: MailboxId; readonly flags?: readonly string[] };

/** A keyed record, see `RecordSet`; its value is JSON. */
export interface NewRecord {
  readonly collection: string;
  readonly key: string;
  readonly value: unknown;
}

/** A new message without its bytes. */
export interface NewMessageFacts {
  readonly envelope: Envelope;
  readonly origin: Origin;
  readonly transcript?: readonly TranscriptLine[];
  readonly findings?: readonly Finding[];
  readonly tags?: readonly string[];
  readonly notes?: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch; now when absent (APPEND's date-time, an import's date). */
  readonly receivedAt?: number;
  readonly targets: readonly Target[];
  /** Records that are committed with the message: what is due because of it is never lost while the message is kept. */
  readonly records?: readonly NewRecord[];
  /** Called with the id before the commit, so that a caller may write it into a reply or a transcript. */
  readonly id?: MessageId;
}

export interface NewMessage extends NewMessageFacts {
  /** The exact bytes. The store keeps a reference: the caller must not change them afterwards. */
  readonly raw: Buffer;
}

/** A new message that is too large to be held in memory. */
export interface NewMessageFile extends NewMessageFacts {
  /** Holds the exact bytes. The store links or copies the file; the caller removes it when `add` has settled. */
  readonly file: MessageFile;
}

export const octetsOf = (message: NewMessage | NewMessageFile): MessageOctets =>
  'file' in message ? message.file : message.raw;

export interface AddedMessage {
  readonly summary: MessageSummary;
  readonly seq: Seq;
  /** In the order of `targets`, the copy in `all` last where it was implied. */
  readonly places: readonly { account: AccountName; mailbox: MailboxId; uid: Uid }[];
}

// ---------------------------------------------------------------------------------- accounts, mailboxes

export interface AccountInfo {
  readonly name: AccountName;
  /** Whether it was made by a call (with credentials) rather than by mail or a login. */
  readonly minted: boolean;
  /** Whether it takes its own password only. */
  readonly hasPassword: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly messages: number;
  readonly unread: number;
}

/** Password of a minted account, as given; `null` where any password is accepted. */
export interface AccountCredentials {
  readonly name: AccountName;
  readonly password: string | null;
}

/** Special use of a mailbox (RFC 6154). */
export type MailboxRole = 'inbox' | 'sent' | 'drafts' | 'trash' | 'junk' | 'archive';

export interface MailboxInfo {
  readonly id: MailboxId;
  readonly account: AccountName;
  /** Full name in Unicode, `/` between levels; the inbox is `INBOX`. */
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly subscribed: boolean;
  /** Seconds since the epoch when it was made, 32 bits, unique among the account's mailboxes of one name. */
  readonly uidValidity: number;
  readonly uidNext: Uid;
  readonly highestModseq: Seq;
  /** First UID that no session has claimed as recent (see `claimRecent`), and how many messages are at or above it. */
  readonly recentFrom: Uid;
  readonly recent: number;
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Octets of all its messages. */
  readonly size: number;
}

/** One message in one mailbox. */
export interface Placement {
  readonly uid: Uid;
  readonly message: MessageId;
  /** System flags with their backslash in canonical case, keywords as first written; never `\Recent`. */
  readonly flags: readonly string[];
  readonly modseq: Seq;
  /** INTERNALDATE, milliseconds since the epoch. */
  readonly receivedAt: number;
  /** SAVEDATE (RFC 8514), milliseconds since the epoch. */
  readonly savedAt: number;
  readonly size: number;
}

export type FlagOperation = 'add' | 'remove' | 'replace';

export interface FlagOutcome {
  readonly updated: readonly Placement[];
  /** UIDs left alone because their MODSEQ was above `unchangedSince` (RFC 7162 §3.1.3). */
  readonly modified: readonly Uid[];
}

/** What COPY and MOVE did, for COPYUID (RFC 4315): `source[i]` became `target[i]`. */
export interface CopyOutcome {
  readonly uidValidity: number;
  readonly source: readonly Uid[];
  readonly target: readonly Uid[];
}

// ------------------------------------------------------------------------------------------------ lists

export interface ListRequest {
  /** Whose INBOX; `all` when absent. */
  readonly account?: AccountName;
  readonly query?: Query;
  readonly limit: number;
  /** As returned in `next`; stable while mail arrives and goes. */
  readonly cursor?: string;
  /** Also stop at messages at or before this seq (exclusive lower bound). */
  readonly after?: Seq;
  /** Newest first unless `oldest`. */
  readonly order?: 'newest' | 'oldest';
}

export interface AccountsRequest {
  /** Part of the name, in any case; every account when absent or empty. */
  readonly name?: string;
  readonly limit: number;
  /** As returned in `next`; valid even after the removal of its account. */
  readonly cursor?: string;
}

export interface AccountPage {
  readonly accounts: readonly AccountInfo[];
  /** Matches on all pages. */
  readonly total: number;
  readonly next: string | null;
}

export interface MessagePage {
  readonly messages: readonly ListedMessage[];
  /** Matches in the whole scope, not only on this page. */
  readonly total: number;
  readonly unread: number;
  readonly next: string | null;
  /** Seq of the store when the page was made: stream from here to miss nothing. */
  readonly seq: Seq;
}

/** One term of a query that a message failed, for the near misses of a wait. */
export interface Mismatch {
  /** The term as the query printer writes it. */
  readonly term: string;
  /** What the message has in that place, shortened. */
  readonly found: string;
}

/** Scope of a bulk call: an account's INBOX, and a query or everything. */
export interface BulkScope {
  readonly account?: AccountName;
  readonly query?: Query;
}

/** Flags and tags that a bulk call sets; absent ones stay as they are. */
export interface Marks {
  readonly seen?: boolean;
  readonly flagged?: boolean;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/** One collection of records, listed in insertion order. */
export interface RecordSet<T> {
  get(key: string): Promise<T | undefined>;
  list(): Promise<readonly { readonly key: string; readonly value: T }[]>;
  put(key: string, value: T): Promise<Seq>;
  delete(key: string): Promise<boolean>;
}

/** What the store reports about itself. */
export interface StoreFacts {
  /** `memory`, or the data directory. */
  readonly location: string;
  readonly messages: number;
  readonly accounts: number;
  /** Octets of raw messages. */
  readonly bytes: number;
  readonly seq: Seq;
  /** What recovery found at start, one line each; empty when nothing was wrong. */
  readonly warnings: readonly string[];
}

// ------------------------------------------------------------------------------------------ interface

export interface Messages {
  /** An id for a message that will be added, so that a reply or a transcript can contain it. */
  newId(): MessageId;
  /** Stores a message in all its targets. Resolves when the bytes and the record are handed to the kernel. */
  add(message: NewMessage | NewMessageFile): Promise<AddedMessage>;
  /** Several messages in one commit (MULTIAPPEND, RFC 3502): all or none. */
  addAll(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]>;
  summary(id: MessageId): Promise<MessageSummary | undefined>;
  get(id: MessageId): Promise<StoredMessage | undefined>;
  /** The exact bytes; `undefined` when the message was removed or its file is missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /**
   * Octets `start` to `end` (exclusive) of the exact bytes, fewer where the message ends before: a reader of a big
   * message holds a slice of it at a time. `undefined` as for `raw`.
   */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  /** The message as `account`'s INBOX shows it; `undefined` when that INBOX does not have it. */
  listed(id: MessageId, account: AccountName): Promise<ListedMessage | undefined>;
  list(request: ListRequest): Promise<MessagePage>;
  /** Why a message does not match: the failed terms, empty when it matches. */
  explain(query: Query, id: MessageId, account: AccountName): Promise<readonly Mismatch[]>;
  /** The searchable content of a message; a worker thread reads a large message. `undefined` when it was removed. */
  searchable(id: MessageId): Promise<Searchable | undefined>;
  /** Whether it matches, evaluated as `list` would. */
  matches(query: Query, id: MessageId, account: AccountName): Promise<boolean>;
  /** Adds and removes tags of messages; unknown ids are skipped. */
  tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq>;
  /** Keeps a JSON value with the message under `key`; `undefined` removes it. */
  annotate(id: MessageId, key: string, value: unknown): Promise<void>;
  /** Removes messages from `account`'s INBOX; in `all` that is final. Returns the number of removed messages. */
  remove(ids: readonly MessageId[], account: AccountName): Promise<number>;
  /** The same for everything in the scope, in one pass. */
  removeMatching(scope: BulkScope): Promise<number>;
  /** Sets flags and tags on everything in the scope, in one pass. Returns the number of matches. */
  markMatching(scope: BulkScope, marks: Marks): Promise<number>;
  /** Tags in use with their message counts in an account's INBOX, sorted by name. */
  tags(account: AccountName): Promise<readonly { readonly tag: string; readonly messages: number }[]>;
}

export interface Accounts {
  /** Newest first; the first page begins with `all`. Throws `StoreError('invalid-cursor')`. */
  list(request: AccountsRequest): Promise<AccountPage>;
  get(name: AccountName): Promise<AccountInfo | undefined>;
  credentials(name: AccountName): Promise<AccountCredentials | undefined>;
  /** Creates an account with a password (minted). Throws `StoreError('exists')` when the account exists. */
  mint(name: AccountName, password: string): Promise<AccountInfo>;
  /** Sets an account's password; with `null`, the account accepts any password. Throws `StoreError('not-found')`. */
  setPassword(name: AccountName, password: string | null): Promise<AccountInfo>;
  /** Creates the account and its standard mailboxes unless they exist (first login). */
  open(name: AccountName): Promise<AccountInfo>;
  /**
   * Removes the account, its mailboxes and placements; messages that no other account but `all` has are removed.
   * False if unknown. Throws `invalid-name` for `all`.
   */
  remove(name: AccountName): Promise<boolean>;
}

export interface Mailboxes {
  list(account: AccountName): Promise<readonly MailboxInfo[]>;
  find(account: AccountName, name: string): Promise<MailboxInfo | undefined>;
  get(id: MailboxId): Promise<MailboxInfo | undefined>;
  /** Creates it with any missing parents. Throws `exists` or `invalid-name`. */
  create(account: AccountName, name: string, role?: MailboxRole): Promise<MailboxInfo>;
  /** Throws `not-found`, or `invalid-name` for INBOX. Children stay (RFC 9051 §6.3.5). */
  delete(account: AccountName, name: string): Promise<void>;
  /** Renames it with its children; INBOX moves its messages instead (RFC 9051 §6.3.6). */
  rename(account: AccountName, from: string, to: string): Promise<void>;
  /** Names may be subscribed without existing (RFC 9051 §6.3.7). */
  subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void>;
  subscriptions(account: AccountName): Promise<readonly string[]>;
  /** First UID that is recent, claimed for the caller: the next caller gets a higher one (RFC 3501 §2.3.2). */
  claimRecent(mailbox: MailboxId): Promise<Uid>;
}

export interface Placements {
  /** Ascending by UID; with `changedSince`, only placements whose MODSEQ is above it. */
  list(mailbox: MailboxId, changedSince?: Seq): Promise<readonly Placement[]>;
  /** UIDs expunged after `since`, ascending; `undefined` when the store does not remember that far (RFC 7162). */
  expungedSince(mailbox: MailboxId, since: Seq): Promise<readonly Uid[] | undefined>;
  setFlags(
    mailbox: MailboxId,
    uids: readonly Uid[],
    operation: FlagOperation,
    flags: readonly string[],
    unchangedSince?: Seq,
  ): Promise<FlagOutcome>;
  copy(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<CopyOutcome>;
  move(mailbox: MailboxId, uids: readonly Uid[], to: MailboxId): Promise<CopyOutcome>;
  /** Removes placements; unknown UIDs are skipped. Returns the removed UIDs, ascending. */
  expunge(mailbox: MailboxId, uids: readonly Uid[]): Promise<readonly Uid[]>;
}

/** Collections of small keyed JSON records that belong to the mail state (rules, deliveries). */
export interface Records {
  collection<T>(name: string): RecordSet<T>;
}

/** One facet for each kind of mail state; a caller takes the facets that it needs. */
export interface Store {
  readonly messages: Messages;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly placements: Placements;
  readonly records: Records;
  readonly changes: ChangeFeed;
  /** Why the store does not accept mail at the moment, in words for the operator; `null` when it accepts mail. */
  readonly refusal: string | null;
  facts(): Promise<StoreFacts>;
  /** Writes everything to the journal and closes it; further calls throw `closed`. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  | 'exists'
  | 'not-found'
  | 'invalid-name'
  | 'invalid-cursor'
  | 'closed'
  | 'locked'
  /** Something stored cannot be read. */
  | 'io'
  /** Nothing can be stored: the disk is full, or the data directory cannot be written. The message says why. */
  | 'unwritable'
  /** A newer version of Restante wrote the data directory. */
  | 'newer';

/** A call the store refuses, with a reason that callers can tell apart. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether nothing is wrong but a lack of room on the disk. */
  get isDiskFull(): boolean {
    return this.code === 'unwritable' && isDiskFull(this.cause);
  }
}

/** The refusal of a write. @param cause what the file system reported, or the reason in words */
export function unwritable(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = typeof cause === 'string' ? cause : storageReason(cause);
  return new StoreError('unwritable', `The data directory cannot be written: ${reason}`, { cause });
}

/** The refusal of a data directory that this version might ruin. @param why in words */
export const newerVersion = (why: string): StoreError =>
  new StoreError(
    'newer',
    `a newer version of Restante wrote it (${why}): use that version, or another directory`,
  );

/** What a call comes to where storage may refuse it; `undefined` where storage does. */
export async function unlessUnwritable<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unwritable') return undefined;
    throw error;
  }
}
