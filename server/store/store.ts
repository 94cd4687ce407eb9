/**
 * The interface of the store, which contains all mail; only the store changes mail. Both implementations (in
 * memory and on disk) pass the same tests. Methods are async. The store assigns UIDs and change numbers
 * (seqs), and no code outside it depends on how mail is stored.
 *
 * Invariants:
 * - A method resolves after its change is committed; the change feed publishes the change before the method
 *   resolves.
 * - UIDs ascend and are never reused within a UIDVALIDITY. The MODSEQ of a placement is the seq of its last
 *   change.
 * - A placement is a message in a mailbox. A message is deleted when it is removed from the account `all`. A
 *   message that is not in `all` is deleted when it is removed from its last mailbox.
 * - A message that is added to an account's INBOX is also added to the INBOX of `all`, unless `all` already
 *   contains it.
 * - An account that mail created, and that was neither opened by a login nor created by an API call, is removed
 *   with its last message.
 * - Returned objects are immutable snapshots; the store never changes an array that it has returned.
 */
import type { Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { MessageFile, MessageOctets } from '../message/octets.ts';
import type { Defect } from '../message/structure.ts';
import type { MessageDigest } from '../message/summary.ts';
import type { Cells } from './cells.ts';
import type { ChangeFeed } from './changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from './ids.ts';
import type { Query } from './find/language/ast.ts';
import type { Mismatch } from './find/language/mismatch.ts';
import type { Nodes } from './nodes.ts';
import type { Searchable } from './find/language/searched.ts';
import { isDiskFull, storageReason } from './storage-reason.ts';

// This section of the file defines messages and their data.

/** The data of a message that message lists show. */
export interface MessageSummary extends MessageDigest {
  readonly id: MessageId;
  /** Number (seq) of the change that added the message to the store. */
  readonly seq: Seq;
  /** Time at which the server received the message, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Size of the raw message in octets. */
  readonly size: number;
  /** Addresses of the envelope without their ESMTP parameters, which are in `MessageDetail`. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /**
   * Name of the user who was authenticated in the session that delivered the message; `null` if no user was.
   */
  readonly user: string | null;
  readonly tags: readonly string[];
}

/** A message with all its stored data except its bytes. */
export interface StoredMessage extends MessageSummary {
  readonly fullEnvelope: Envelope;
  readonly origin: Origin;
  readonly transcript: readonly TranscriptLine[];
  readonly defects: readonly Defect[];
  readonly findings: readonly Finding[];
  /** Notes by key; each value is a JSON value (see `annotate`). */
  readonly notes: Readonly<Record<string, unknown>>;
}

/** A message in the list of an account's INBOX: its summary, and its flags in that INBOX. */
export interface ListedMessage {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
}

/** A mailbox that contains a message. */
export interface MessagePlace {
  readonly account: AccountName;
  readonly mailbox: MailboxId;
  /** Whether the mailbox is the INBOX of its account. */
  readonly isInbox: boolean;
  readonly uid: Uid;
  readonly flags: readonly string[];
}

/**
 * Destination of a new message: an account's INBOX, or another mailbox (IMAP APPEND), and the flags that the
 * message gets there.
 */
export type Target =
  | { readonly account: AccountName; readonly flags?: readonly string[] }
  | { readonly mailbox: MailboxId; readonly flags?: readonly string[] };

/** A record: a JSON value with a key (see `RecordSet`). */
export interface NewRecord {
  readonly collection: string;
  readonly key: string;
  readonly value: unknown;
}

/** The data of a new message, without its bytes. */
export interface NewMessageFacts {
  readonly envelope: Envelope;
  readonly origin: Origin;
  readonly transcript?: readonly TranscriptLine[];
  readonly findings?: readonly Finding[];
  readonly tags?: readonly string[];
  readonly notes?: Readonly<Record<string, unknown>>;
  /**
   * Time of receipt in milliseconds since the epoch, e.g. the date-time of APPEND or the date of an imported
   * message. By default, the current time.
   */
  readonly receivedAt?: number;
  readonly targets: readonly Target[];
  /**
   * Records that are stored in the same commit as the message, such as its pending deliveries. Either the
   * message and all these records are stored, or none of them.
   */
  readonly records?: readonly NewRecord[];
  /**
   * Id for the message, which `newId` returned. It is given if the caller needs the id before the message is
   * stored, e.g. for a reply. By default, the store assigns a new id.
   */
  readonly id?: MessageId;
}

export interface NewMessage extends NewMessageFacts {
  /**
   * The exact bytes of the message. The store keeps a reference to this buffer, so the caller must not change
   * it afterwards.
   */
  readonly raw: Buffer;
}

/** A new message whose bytes are in a file, because the message is too large for memory. */
export interface NewMessageFile extends NewMessageFacts {
  /**
   * Path of a file with the exact bytes of the message. The store links or copies the file. The caller must
   * remove the file when the promise of `add` has settled.
   */
  readonly file: MessageFile;
}

export const octetsOf = (message: NewMessage | NewMessageFile): MessageOctets =>
  'file' in message ? message.file : message.raw;

export interface AddedMessage {
  readonly summary: MessageSummary;
  readonly seq: Seq;
  /**
   * The mailboxes that received the message, each with the UID of the message in it, in the order of
   * `targets`. If the message was also added to the INBOX of `all`, that mailbox is last.
   */
  readonly places: readonly { account: AccountName; mailbox: MailboxId; uid: Uid }[];
}

// This section of the file defines accounts, mailboxes and placements (messages in mailboxes).

export interface AccountInfo {
  readonly name: AccountName;
  /** Whether an API call created the account with a password; false if mail or a login created it. */
  readonly minted: boolean;
  /** Whether the account has a password of its own and accepts only this password. */
  readonly hasPassword: boolean;
  /** Creation time of the account in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly messages: number;
  readonly unread: number;
}

/** Name and password of an account in plain text; the password is `null` if the account accepts any password. */
export interface AccountCredentials {
  readonly name: AccountName;
  readonly password: string | null;
}

/** Special use of a mailbox (RFC 6154). */
export type MailboxRole = 'inbox' | 'sent' | 'drafts' | 'trash' | 'junk' | 'archive';

export interface MailboxInfo {
  readonly id: MailboxId;
  readonly account: AccountName;
  /** Full name of the mailbox in Unicode with `/` between levels; the name of the inbox is `INBOX`. */
  readonly name: string;
  readonly role: MailboxRole | null;
  readonly subscribed: boolean;
  /**
   * UIDVALIDITY of the mailbox, 32 bits: its creation time in seconds since the epoch, or a higher value if an earlier
   * mailbox of the account with the same name had this value or a higher value.
   */
  readonly uidValidity: number;
  readonly uidNext: Uid;
  readonly highestModseq: Seq;
  /**
   * First UID of the messages that are still recent (see `claimRecent`). `recent` is the number of messages
   * from this UID on.
   */
  readonly recentFrom: Uid;
  readonly recent: number;
  readonly messages: number;
  readonly unseen: number;
  readonly deleted: number;
  /** Total size of the mailbox's messages in octets. */
  readonly size: number;
}

/** A placement: a message in a mailbox, with its UID and its flags there. */
export interface Placement {
  readonly uid: Uid;
  readonly message: MessageId;
  /**
   * Flags of the message: system flags with backslash and in canonical case, and keywords in the spelling
   * that was stored first. `\Recent` is never included.
   */
  readonly flags: readonly string[];
  readonly modseq: Seq;
  /** INTERNALDATE of IMAP, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** SAVEDATE of IMAP (RFC 8514), in milliseconds since the epoch. */
  readonly savedAt: number;
  readonly size: number;
}

export type FlagOperation = 'add' | 'remove' | 'replace';

export interface FlagOutcome {
  readonly updated: readonly Placement[];
  /**
   * UIDs of messages whose flags were not changed, because their MODSEQ was above `unchangedSince` (RFC 7162
   * §3.1.3).
   */
  readonly modified: readonly Uid[];
}

/**
 * Result of COPY or MOVE, as COPYUID reports it (RFC 4315). The message that had the UID `source[i]` in the
 * source mailbox has the UID `target[i]` in the target mailbox.
 */
export interface CopyOutcome {
  readonly uidValidity: number;
  readonly source: readonly Uid[];
  readonly target: readonly Uid[];
}

// This section of the file defines lists of messages and accounts, and bulk calls.

export interface ListRequest {
  /** The account whose INBOX is listed; `all` when absent. */
  readonly account?: AccountName;
  readonly query?: Query;
  readonly limit: number;
  /** Number of matching messages before the first listed message; 0 when absent. */
  readonly offset?: number;
  /**
   * Cursor from `next` of the previous page; absent for the first page. A cursor stays valid while messages
   * are added and removed.
   */
  readonly cursor?: string;
  /**
   * Change number: only messages that were added after this change are listed. When absent, all messages are
   * listed.
   */
  readonly after?: Seq;
  /** Order of the listed messages. By default, the newest message is first. */
  readonly order?: 'newest' | 'oldest';
  /** Whether all matching messages are counted, even if this takes long; by default, the store may stop counting. */
  readonly exactTotal?: boolean;
}

export interface AccountsRequest {
  /**
   * Text that the names of the listed accounts contain, compared without case. By default, all accounts are
   * listed.
   */
  readonly name?: string;
  readonly limit: number;
  /**
   * Cursor from `next` of the previous page; absent for the first page. A cursor stays valid even if the last
   * account of the previous page is removed.
   */
  readonly cursor?: string;
}

export interface AccountPage {
  readonly accounts: readonly AccountInfo[];
  /** Number of matching accounts on all pages. */
  readonly total: number;
  readonly next: string | null;
}

export interface MessagePage {
  readonly messages: readonly ListedMessage[];
  /** Number of matching messages on all pages. */
  readonly total: number;
  /**
   * Present if the store stopped counting at its limit (`StoreOptions.countLimit`): more messages than `total` match,
   * and `unread` is the number of unread messages among the counted messages. Absent if both numbers are exact.
   */
  readonly totalIsAtLeast?: true;
  readonly unread: number;
  readonly next: string | null;
  /**
   * Number of the last change of the store when the page was created. An event stream that starts after this
   * number misses no change.
   */
  readonly seq: Seq;
}

/**
 * The messages that a bulk call changes: the messages in an account's INBOX that match the query; without a
 * query, all messages in this INBOX.
 */
export interface BulkScope {
  readonly account?: AccountName;
  readonly query?: Query;
}

/** Flags and tags that a bulk call sets. If a field is absent, its flag or tags are not changed. */
export interface Marks {
  readonly seen?: boolean;
  readonly flagged?: boolean;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/**
 * A collection of records (JSON values with keys). They are listed in the order in which they were inserted.
 */
export interface RecordSet<T> {
  get(key: string): Promise<T | undefined>;
  list(): Promise<readonly { readonly key: string; readonly value: T }[]>;
  put(key: string, value: T): Promise<Seq>;
  /**
   * Changes a record atomically, also if several servers change it at the same time, and returns its new value. Nothing
   * is stored if `change` returns the value that it received; `undefined` deletes the record.
   */
  update(key: string, change: (value: T | undefined) => T | undefined): Promise<T | undefined>;
  delete(key: string): Promise<boolean>;
}

/** Properties of the store that the API returns at `/api/info`. */
export interface StoreFacts {
  /** The text `memory`, the path of the data directory, or the URL of the database without its password. */
  readonly location: string;
  readonly messages: number;
  readonly accounts: number;
  /** Total size of all raw messages in octets. */
  readonly bytes: number;
  readonly seq: Seq;
  /**
   * Warnings about damage that was found and repaired when the store was opened, one line each; empty if
   * there was no damage.
   */
  readonly warnings: readonly string[];
}

// This section of the file defines the interfaces of the store and its errors.

export interface Messages {
  /**
   * Returns an unused id for a message that will be added later, so that a reply or a transcript can already
   * contain the id.
   */
  newId(): MessageId;
  /**
   * Stores a message in all target mailboxes. Resolves when the bytes and the log line of the message are in
   * the page cache of the kernel.
   */
  add(message: NewMessage | NewMessageFile): Promise<AddedMessage>;
  /** Stores several messages in one commit: all of them or none (MULTIAPPEND, RFC 3502). */
  addAll(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]>;
  summary(id: MessageId): Promise<MessageSummary | undefined>;
  get(id: MessageId): Promise<StoredMessage | undefined>;
  /** Returns the exact bytes of a message; `undefined` when the message was removed or its file is missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /**
   * Returns the bytes of a message from the offset `start` up to, but not including, `end`; fewer bytes if
   * the message is shorter. Returns `undefined` if the message was removed or its file is missing. A caller
   * can read a large message in parts.
   */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  /**
   * Returns the summary of the message and its flags in the account's INBOX; `undefined` if that INBOX does
   * not contain the message.
   */
  listed(id: MessageId, account: AccountName): Promise<ListedMessage | undefined>;
  /** Returns the mailboxes that contain a message; empty for an unknown message. */
  places(id: MessageId): Promise<readonly MessagePlace[]>;
  list(request: ListRequest): Promise<MessagePage>;
  /** Returns the terms of the query that the message does not match; an empty array when it matches. */
  explain(query: Query, id: MessageId, account: AccountName): Promise<readonly Mismatch[]>;
  /**
   * Returns the searchable content of a message; `undefined` for a removed message. Large messages are read
   * in a worker thread.
   */
  searchable(id: MessageId): Promise<Searchable | undefined>;
  /** Returns whether the message matches the query. The method `list` uses the same rules. */
  matches(query: Query, id: MessageId, account: AccountName): Promise<boolean>;
  /** Adds and removes tags of messages; unknown ids are skipped. */
  tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq>;
  /**
   * Attaches a note to a message: a JSON value that is stored under `key`. The value `undefined` removes the
   * note.
   */
  annotate(id: MessageId, key: string, value: unknown): Promise<void>;
  /**
   * Removes messages from the account's INBOX. For the account `all`, deletes the messages from all accounts.
   * Returns the number of removed messages.
   */
  remove(ids: readonly MessageId[], account: AccountName): Promise<number>;
  /**
   * Removes all messages that `scope` selects (an INBOX, or the messages of an INBOX that match a query), in one
   * pass. Returns the number of removed messages.
   */
  removeMatching(scope: BulkScope): Promise<number>;
  /**
   * Sets flags and tags of all messages that `scope` selects (an INBOX, or the messages of an INBOX that match a
   * query), in one pass. Returns the number of selected messages.
   */
  markMatching(scope: BulkScope, marks: Marks): Promise<number>;
  /**
   * Returns the tags of the messages in an account's INBOX, each with the number of its messages, sorted by
   * name.
   */
  tags(account: AccountName): Promise<readonly { readonly tag: string; readonly messages: number }[]>;
}

export interface Accounts {
  /**
   * Returns a page of accounts: first the account `all`, then the others, newest first. Throws
   * `StoreError('invalid-cursor')` for an invalid cursor.
   */
  list(request: AccountsRequest): Promise<AccountPage>;
  get(name: AccountName): Promise<AccountInfo | undefined>;
  credentials(name: AccountName): Promise<AccountCredentials | undefined>;
  /** Creates an account with a password. Throws `StoreError('exists')` when the account exists. */
  mint(name: AccountName, password: string): Promise<AccountInfo>;
  /**
   * Sets an account's password; with `null`, the account accepts any password. Throws `StoreError('not-found')`
   * for an unknown account.
   */
  setPassword(name: AccountName, password: string | null): Promise<AccountInfo>;
  /** Creates the account and its standard mailboxes unless they exist; called when a user logs in. */
  open(name: AccountName): Promise<AccountInfo>;
  /**
   * Removes the account and its mailboxes, and deletes the messages that are in no other account except `all`.
   * Returns false for an unknown account. Throws `StoreError('invalid-name')` for `all`.
   */
  remove(name: AccountName): Promise<boolean>;
}

export interface Mailboxes {
  list(account: AccountName): Promise<readonly MailboxInfo[]>;
  find(account: AccountName, name: string): Promise<MailboxInfo | undefined>;
  get(id: MailboxId): Promise<MailboxInfo | undefined>;
  /** Creates a mailbox and its missing parents. Throws `StoreError` with the code `exists` or `invalid-name`. */
  create(account: AccountName, name: string, role?: MailboxRole): Promise<MailboxInfo>;
  /**
   * Deletes a mailbox but not its children (RFC 9051 §6.3.5). Throws `StoreError` with the code `not-found`, or
   * `invalid-name` for INBOX.
   */
  delete(account: AccountName, name: string): Promise<void>;
  /**
   * Renames a mailbox and its children. INBOX cannot be renamed; instead, its messages are moved to the new
   * mailbox (RFC 9051 §6.3.6).
   */
  rename(account: AccountName, from: string, to: string): Promise<void>;
  /**
   * Subscribes or unsubscribes the name of a mailbox. A mailbox with this name need not exist (RFC 9051
   * §6.3.7).
   */
  subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void>;
  subscriptions(account: AccountName): Promise<readonly string[]>;
  /**
   * Returns the UID from which messages are recent for the calling IMAP session. The messages below `uidNext`
   * are then no longer recent for later sessions (RFC 3501 §2.3.2).
   */
  claimRecent(mailbox: MailboxId): Promise<Uid>;
}

export interface Placements {
  /**
   * Returns the messages in the mailbox, ascending by UID; with `changedSince`, only messages whose MODSEQ is
   * above this value.
   */
  list(mailbox: MailboxId, changedSince?: Seq): Promise<readonly Placement[]>;
  /**
   * Returns the UIDs that were expunged after the change number `since`, ascending; `undefined` if some of
   * them are no longer stored (RFC 7162).
   */
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
  /** Removes messages from a mailbox; unknown UIDs are skipped. Returns the removed UIDs, ascending. */
  expunge(mailbox: MailboxId, uids: readonly Uid[]): Promise<readonly Uid[]>;
}

/**
 * Stores records: small JSON values with a key, such as rules and deliveries. Records are grouped in
 * collections.
 */
export interface Records {
  collection<T>(name: string): RecordSet<T>;
  /** Returns the names of all collections that contain a record. */
  collections(): Promise<readonly string[]>;
}

/**
 * The store, with a separate interface for accounts, mailboxes, messages and records. Other code receives
 * only the interfaces that it needs.
 */
export interface Store {
  readonly messages: Messages;
  readonly accounts: Accounts;
  readonly mailboxes: Mailboxes;
  readonly placements: Placements;
  readonly records: Records;
  readonly changes: ChangeFeed;
  /**
   * The reason why the store does not accept mail at the moment, as a text for the operator; `null` while it accepts
   * mail.
   */
  readonly refusal: string | null;
  readonly cells: Cells;
  /** The servers that use this store. */
  readonly nodes: Nodes;
  /**
   * Random bytes that only the servers on this store know. One server signs data with them, so that the other servers
   * accept the data; `null` for a store that only one server uses.
   */
  readonly sharedSecret: Buffer | null;
  facts(): Promise<StoreFacts>;
  /** Writes all pending data and closes the store. Further calls throw `StoreError('closed')`. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  | 'exists'
  | 'not-found'
  | 'invalid-name'
  | 'invalid-cursor'
  | 'closed'
  | 'locked'
  /** Error code: stored data cannot be read. */
  | 'io'
  /**
   * Error code: no data can be written, for example because the disk is full, the data directory is not writable or
   * the database is a standby. The error message contains the reason.
   */
  | 'unwritable'
  /** Error code: the database does not answer at the moment; the same call may succeed later. */
  | 'unavailable'
  /** Error code: more changes wait for the database than may wait; the same call may succeed later. */
  | 'busy'
  /** Error code: a newer version of Restante wrote the data directory. */
  | 'newer';

/** An error of a call to the store; `code` is the kind of the error. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the error was caused by a full disk. */
  get isDiskFull(): boolean {
    return this.code === 'unwritable' && isDiskFull(this.cause);
  }
}

/**
 * Returns the `unwritable` error for a failed write.
 * @param cause the error of the file system, or the reason as a text
 */
export function unwritable(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = typeof cause === 'string' ? cause : storageReason(cause);
  return new StoreError('unwritable', `The data directory cannot be written: ${reason}`, { cause });
}

/**
 * Returns the error for a data directory that a newer version of Restante wrote and that this version could
 * damage.
 * @param why the reason as a text
 */
export const newerVersion = (why: string): StoreError =>
  new StoreError(
    'newer',
    `a newer version of Restante wrote it (${why}): use that version, or another directory`,
  );

/** Whether a call failed only because nothing can be stored or read at the moment: the same call may succeed later. */
export const isTemporary = (error: unknown): error is StoreError =>
  error instanceof StoreError && ['unwritable', 'unavailable', 'busy'].includes(error.code);

/**
 * Returns the result of a call to the store; `undefined` if the call failed with `StoreError('unwritable')`.
 */
export async function unlessUnwritable<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unwritable') return undefined;
    throw error;
  }
}
