/**
 * The store: the only place where mail state changes. All implementations (in memory and on disk) pass the same
 * tests. Methods are async, UIDs and seqs are assigned by the store, and no code outside depends on how mail is
 * stored.
 *
 * Invariants:
 * - A method resolves after its change is committed; the change feed publishes the change before the method
 *   resolves.
 * - UIDs ascend and are never reused within a UIDVALIDITY; MODSEQ is the seq of the last change to a placement.
 * - A placement is a message in a mailbox. A message is removed when its last placement in `all` is expunged
 *   or, if it has none there, its last placement.
 * - A message that enters an account's INBOX also enters the INBOX of `all`, unless `all` has it already.
 * - An account that mail created, and that was neither opened by a login nor created by an API call, is removed
 *   with its last message.
 * - Returned objects are immutable snapshots; the store never changes an array that it has returned.
 */
import type { MailAddress } from '../message/address.ts';
import type { Envelope, Origin, TranscriptLine } from '../message/envelope.ts';
import type { Finding } from '../message/finding.ts';
import type { MessageFile, MessageOctets } from '../message/octets.ts';
import type { Defect } from '../message/structure.ts';
import type { ChangeFeed } from './changes.ts';
import type { AccountName, MailboxId, MessageId, Seq, Uid } from './ids.ts';
import type { Query } from './find/language/ast.ts';
import type { Mismatch } from './find/language/mismatch.ts';
import type { Searchable } from './find/language/searched.ts';
import { isDiskFull, storageReason } from './storage-reason.ts';

// Section: messages ----------------------------------------------------------------------------------

/** The data of a message that message lists show. */
export interface MessageSummary {
  readonly id: MessageId;
  /** Number of the change that added the message. */
  readonly seq: Seq;
  /** Time at which the server received the message, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Size of the raw message in octets. */
  readonly size: number;
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** Bcc recipients in the header, and the envelope's recipients that no header field names. */
  readonly bcc: readonly MailAddress[];
  readonly replyTo: readonly MailAddress[];
  readonly subject: string;
  /** The Date header in milliseconds since the epoch; `null` when absent or invalid. */
  readonly date: number | null;
  /** Message-ID without angle brackets; `null` when absent. */
  readonly messageId: string | null;
  /** Addresses of the envelope without their ESMTP parameters, which are in `MessageDetail`. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The user who was authenticated in the session that received the message; `null` without authentication. */
  readonly user: string | null;
  readonly tags: readonly string[];
  readonly attachments: number;
  /** Whether the message has an HTML body. */
  readonly hasHtml: boolean;
  /** About 200 characters of the text, with each run of white space replaced by one space. */
  readonly preview: string;
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

/**
 * A message as the list of one account's INBOX contains it: the summary, and the flags of the message in that
 * INBOX.
 */
export interface ListedMessage {
  readonly summary: MessageSummary;
  readonly seen: boolean;
  readonly flagged: boolean;
}

/** Destination of a new message: an account's INBOX, or another mailbox (IMAP APPEND); with the initial flags. */
export type Target =
  | { readonly account: AccountName; readonly flags?: readonly string[] }
  | { readonly mailbox: MailboxId; readonly flags?: readonly string[] };

/** A record with its key (see `RecordSet`); its value is a JSON value. */
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
   * Time of receipt in milliseconds since the epoch (APPEND's date-time, or the date of an imported message); the
   * current time when absent.
   */
  readonly receivedAt?: number;
  readonly targets: readonly Target[];
  /**
   * Records that are committed together with the message, such as its pending deliveries: either both are
   * stored or neither.
   */
  readonly records?: readonly NewRecord[];
  /**
   * Id that `newId` returned, for a caller that needs the id in a reply or a transcript before the commit; the
   * store assigns a new id when absent.
   */
  readonly id?: MessageId;
}

export interface NewMessage extends NewMessageFacts {
  /** The exact bytes of the message. The store keeps a reference, so the caller must not change them afterwards. */
  readonly raw: Buffer;
}

/** A new message whose bytes are in a file, because it is too large for memory. */
export interface NewMessageFile extends NewMessageFacts {
  /**
   * File with the exact bytes of the message. The store links or copies the file; the caller removes the file
   * when the promise of `add` has settled.
   */
  readonly file: MessageFile;
}

export const octetsOf = (message: NewMessage | NewMessageFile): MessageOctets =>
  'file' in message ? message.file : message.raw;

export interface AddedMessage {
  readonly summary: MessageSummary;
  readonly seq: Seq;
  /**
   * The mailboxes that received the message, each with the UID of the message there, in the order of `targets`. If
   * the message was also added to the INBOX of `all`, that mailbox is the last element.
   */
  readonly places: readonly { account: AccountName; mailbox: MailboxId; uid: Uid }[];
}

// Section: accounts and mailboxes --------------------------------------------------------------------

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
   * UIDVALIDITY: creation time of the mailbox in seconds since the epoch, 32 bits; increased if needed, so that
   * it is unique among all earlier and current mailboxes of the account with this name.
   */
  readonly uidValidity: number;
  readonly uidNext: Uid;
  readonly highestModseq: Seq;
  /** First UID that is still recent (see `claimRecent`); `recent` is the number of messages from this UID on. */
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
  /** System flags in canonical case with their backslash, keywords in their first spelling; never `\Recent`. */
  readonly flags: readonly string[];
  readonly modseq: Seq;
  /** IMAP's INTERNALDATE in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** IMAP's SAVEDATE (RFC 8514) in milliseconds since the epoch. */
  readonly savedAt: number;
  readonly size: number;
}

export type FlagOperation = 'add' | 'remove' | 'replace';

export interface FlagOutcome {
  readonly updated: readonly Placement[];
  /** UIDs whose flags were not changed because their MODSEQ was above `unchangedSince` (RFC 7162 §3.1.3). */
  readonly modified: readonly Uid[];
}

/**
 * Result of COPY and MOVE, as COPYUID reports it (RFC 4315): the message with the UID `source[i]` has the UID
 * `target[i]` in the target mailbox.
 */
export interface CopyOutcome {
  readonly uidValidity: number;
  readonly source: readonly Uid[];
  readonly target: readonly Uid[];
}

// Section: lists of messages and accounts -----------------------------------------------------------

export interface ListRequest {
  /** The account whose INBOX is listed; `all` when absent. */
  readonly account?: AccountName;
  readonly query?: Query;
  readonly limit: number;
  /** Cursor from `next` of the previous page; the cursor stays valid while messages are added and removed. */
  readonly cursor?: string;
  /** Only messages that were added after this change number are listed. */
  readonly after?: Seq;
  /** Order of the listed messages; `newest` first when absent. */
  readonly order?: 'newest' | 'oldest';
}

export interface AccountsRequest {
  /** Part of the account names to list, compared without case; every account is listed when absent or empty. */
  readonly name?: string;
  readonly limit: number;
  /**
   * Cursor from `next` of the previous page; the cursor stays valid even if the account at its position is
   * removed.
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
  readonly unread: number;
  readonly next: string | null;
  /**
   * Number of the store's last change when the page was created. An event stream that starts after this number
   * misses no change.
   */
  readonly seq: Seq;
}

/**
 * The messages that a bulk call changes: those of an account's INBOX that match the query, or all messages of
 * this INBOX.
 */
export interface BulkScope {
  readonly account?: AccountName;
  readonly query?: Query;
}

/** Flags and tags that a bulk call sets; flags and tags in absent fields are not changed. */
export interface Marks {
  readonly seen?: boolean;
  readonly flagged?: boolean;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
}

/** A collection of records, listed in insertion order. */
export interface RecordSet<T> {
  get(key: string): Promise<T | undefined>;
  list(): Promise<readonly { readonly key: string; readonly value: T }[]>;
  put(key: string, value: T): Promise<Seq>;
  delete(key: string): Promise<boolean>;
}

/** Facts about the store that the API returns at `/api/info`. */
export interface StoreFacts {
  /** The text `memory`, or the path of the data directory. */
  readonly location: string;
  readonly messages: number;
  readonly accounts: number;
  /** Total size of all raw messages in octets. */
  readonly bytes: number;
  readonly seq: Seq;
  /**
   * Warnings about damage that was found and repaired when the store was opened, one line each; empty when
   * there was no damage.
   */
  readonly warnings: readonly string[];
}

// Section: interface of the store -------------------------------------------------------------------

export interface Messages {
  /**
   * Returns an unused id for a message that will be added later, so that a reply or a transcript can already
   * contain the id.
   */
  newId(): MessageId;
  /**
   * Stores a message in all target mailboxes. Resolves when the bytes and the log line are written to the
   * kernel's page cache.
   */
  add(message: NewMessage | NewMessageFile): Promise<AddedMessage>;
  /** Stores several messages in one commit: all of them or none (MULTIAPPEND, RFC 3502). */
  addAll(messages: readonly (NewMessage | NewMessageFile)[]): Promise<readonly AddedMessage[]>;
  summary(id: MessageId): Promise<MessageSummary | undefined>;
  get(id: MessageId): Promise<StoredMessage | undefined>;
  /** Returns the exact bytes of a message; `undefined` when the message was removed or its file is missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /**
   * Returns the octets `start` to `end` (exclusive) of a message's bytes, fewer when the message is shorter; a
   * reader of a large message need not hold all of it in memory. `undefined` when the message was removed or
   * its file is missing.
   */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  /**
   * Returns the summary of the message with its flags in the account's INBOX; `undefined` when that INBOX does
   * not contain it.
   */
  listed(id: MessageId, account: AccountName): Promise<ListedMessage | undefined>;
  list(request: ListRequest): Promise<MessagePage>;
  /** Returns the terms of the query that the message does not match; an empty array when it matches. */
  explain(query: Query, id: MessageId, account: AccountName): Promise<readonly Mismatch[]>;
  /**
   * Returns the searchable content of a message, `undefined` for a removed message. A worker thread reads large
   * messages.
   */
  searchable(id: MessageId): Promise<Searchable | undefined>;
  /** Returns whether the message matches the query, with the same result as `list`. */
  matches(query: Query, id: MessageId, account: AccountName): Promise<boolean>;
  /** Adds and removes tags of messages; unknown ids are skipped. */
  tag(ids: readonly MessageId[], add: readonly string[], remove: readonly string[]): Promise<Seq>;
  /** Stores a JSON value with the message under `key`; `undefined` removes the value. */
  annotate(id: MessageId, key: string, value: unknown): Promise<void>;
  /**
   * Removes messages from the account's INBOX; for the account `all`, deletes them everywhere. Returns the
   * number of removed messages.
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
  /** Returns a page of accounts: `all` first, then the newest. Throws `StoreError('invalid-cursor')`. */
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
   * Renames a mailbox and its children. INBOX is not renamed; instead, its messages are moved to the new
   * mailbox (RFC 9051 §6.3.6).
   */
  rename(account: AccountName, from: string, to: string): Promise<void>;
  /** Subscribes or unsubscribes a mailbox name; a mailbox with this name need not exist (RFC 9051 §6.3.7). */
  subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void>;
  subscriptions(account: AccountName): Promise<readonly string[]>;
  /**
   * Returns the UID from which messages are recent for the calling session; the same messages are not recent
   * for later sessions (RFC 3501 §2.3.2).
   */
  claimRecent(mailbox: MailboxId): Promise<Uid>;
}

export interface Placements {
  /**
   * Returns the messages of the mailbox, ascending by UID; with `changedSince`, only those whose MODSEQ is
   * above it.
   */
  list(mailbox: MailboxId, changedSince?: Seq): Promise<readonly Placement[]>;
  /**
   * Returns the UIDs that were expunged after the change number `since`, ascending; `undefined` when expunges
   * after `since` are no longer stored (RFC 7162).
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
 * Collections of small JSON records that belong to the mail state, such as rules and deliveries; each record
 * has a key.
 */
export interface Records {
  collection<T>(name: string): RecordSet<T>;
}

/**
 * The store has a separate interface for each kind of mail state; code that uses the store receives only the
 * interfaces that it needs.
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
  facts(): Promise<StoreFacts>;
  /** Writes all pending data to the journal and closes the journal; further calls throw `StoreError('closed')`. */
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
   * Error code: no data can be written because the disk is full or the data directory is not writable. The message
   * contains the reason.
   */
  | 'unwritable'
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

  /** Whether a full disk is the only cause of the error. */
  get isDiskFull(): boolean {
    return this.code === 'unwritable' && isDiskFull(this.cause);
  }
}

/**
 * Returns the `unwritable` error for a failed write. @param cause the error of the file system, or the reason
 * as a text
 */
export function unwritable(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = typeof cause === 'string' ? cause : storageReason(cause);
  return new StoreError('unwritable', `The data directory cannot be written: ${reason}`, { cause });
}

/**
 * Returns the error for a data directory that a newer version wrote and this version could damage. @param why
 * the reason as a text
 */
export const newerVersion = (why: string): StoreError =>
  new StoreError(
    'newer',
    `a newer version of Restante wrote it (${why}): use that version, or another directory`,
  );

/** Returns the result of a call to the store; `undefined` if the call failed with `unwritable`. */
export async function unlessUnwritable<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'unwritable') return undefined;
    throw error;
  }
}
