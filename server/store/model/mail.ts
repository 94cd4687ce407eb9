/**
 * The objects of the mail state: accounts, mailboxes, placements (a message in a mailbox) and messages. They
 * refer to each other, and therefore one file defines them.
 */
import { ALL, type AccountName, type MailboxId, type MessageId, type Seq, type Uid } from '../ids.ts';
import type { AccountInfo, MailboxInfo, MailboxRole, Placement } from '../store.ts';
import { ExpungeHistory } from './expunge-history.ts';
import type { FlagSet } from './flag-sets.ts';
import { OrderedList } from './ordered-list.ts';
import { OWN_FILE, type NotePosition, type Position, type RawPlace } from '../position.ts';
import type { StoredSummary } from './stored-summary.ts';

// This section of the file defines accounts.

/** Mailboxes that an account gets at its first login, in the order that clients show them (RFC 6154). */
export const STANDARD_MAILBOXES: readonly { readonly name: string; readonly role: MailboxRole }[] = [
  { name: 'Drafts', role: 'drafts' },
  { name: 'Sent', role: 'sent' },
  { name: 'Archive', role: 'archive' },
  { name: 'Junk', role: 'junk' },
  { name: 'Trash', role: 'trash' },
];

const NO_MAILBOXES: ReadonlyMap<string, MailboxState> = new Map();
const INBOX_ONLY: ReadonlySet<string> = new Set(['INBOX']);

export class AccountState {
  readonly name: AccountName;
  createdAt: number;
  /** Position of the account in the order of creation, starting at 1. */
  readonly order: number;
  /**
   * Creation time in milliseconds since the epoch, for the cursors of account lists. It is never earlier than
   * that of the previously created account, even if the clock was set back.
   */
  readonly since: number;
  opened = false;
  minted = false;
  password: string | null = null;
  inbox: MailboxState | undefined;
  /** The mailboxes other than INBOX, by name; `null` if there are none. */
  #others: Map<string, MailboxState> | null = null;
  #subscriptions: Set<string> | null = null;

  constructor(name: AccountName, createdAt: number, before?: AccountState) {
    this.name = name;
    this.createdAt = createdAt;
    this.order = (before?.order ?? 0) + 1;
    this.since = Math.max(createdAt, before?.since ?? 0);
  }

  get others(): ReadonlyMap<string, MailboxState> {
    return this.#others ?? NO_MAILBOXES;
  }

  get subscriptions(): ReadonlySet<string> {
    return this.#subscriptions ?? INBOX_ONLY;
  }

  /**
   * Whether the account is removed together with its last message. This applies to accounts that mail
   * created: no user has logged in to them, and no API call created them.
   */
  get forgettable(): boolean {
    return !this.watched && !this.minted && this.#others === null && this.#subscriptions === null;
  }

  /** Whether an IMAP client may have seen the mailboxes of the account. */
  get watched(): boolean {
    return this.opened || this.name === ALL;
  }

  mailbox(name: string): MailboxState | undefined {
    return name === 'INBOX' ? this.inbox : this.#others?.get(name);
  }

  *mailboxes(): Generator<MailboxState> {
    if (this.inbox !== undefined) yield this.inbox;
    yield* this.others.values();
  }

  attach(mailbox: MailboxState): void {
    if (mailbox.name === 'INBOX') this.inbox = mailbox;
    else (this.#others ??= new Map()).set(mailbox.name, mailbox);
  }

  detach(mailbox: MailboxState): void {
    if (this.inbox === mailbox) this.inbox = undefined;
    else if (this.#others?.get(mailbox.name) === mailbox) this.#others.delete(mailbox.name);
  }

  subscribe(name: string, subscribed: boolean): void {
    this.#subscriptions ??= new Set(INBOX_ONLY);
    if (subscribed) this.#subscriptions.add(name);
    else this.#subscriptions.delete(name);
  }

  info(): AccountInfo {
    return {
      name: this.name,
      minted: this.minted,
      hasPassword: this.password !== null,
      createdAt: this.createdAt,
      messages: this.inbox?.messages ?? 0,
      unread: this.inbox?.unseen ?? 0,
    };
  }
}

// This section of the file defines mailboxes.

const uidOf = (placement: PlacementState): number => placement.uid;

/** The largest possible UID (RFC 9051 §9). */
const LAST_UID = 0xffff_ffff;

export class MailboxState {
  readonly id: MailboxId;
  account: AccountState;
  name: string;
  role: MailboxRole | null;
  uidValidity: number;
  uidNext = 1 as Uid;
  /** First UID of the messages that are still recent: no IMAP session has received them as `\Recent`. */
  recent = 1 as Uid;
  highestModseq: Seq;
  readonly placements = new OrderedList<PlacementState>(uidOf);
  /**
   * Number of messages. `placements` may contain fewer messages, if the store loads only the placements that a
   * change needs.
   */
  messages = 0;
  unseen = 0;
  deleted = 0;
  size = 0;
  /**
   * The expunged UIDs; created when a message is first expunged. While it is `null`, no message was expunged
   * after the change number `#historyFloor`.
   */
  #history: ExpungeHistory | null = null;
  #historyFloor = 0 as Seq;

  constructor(
    id: MailboxId,
    account: AccountState,
    facts: { name: string; role: MailboxRole | null; uidValidity: number; modseq: Seq },
  ) {
    this.id = id;
    this.account = account;
    this.name = facts.name;
    this.role = facts.role;
    this.uidValidity = facts.uidValidity;
    this.highestModseq = facts.modseq;
  }

  get history(): ExpungeHistory {
    return (this.#history ??= new ExpungeHistory(this.#historyFloor));
  }

  /**
   * Whether a message was ever expunged from this mailbox, including expunges that the history no longer
   * contains.
   */
  get hasHistory(): boolean {
    return this.#history !== null || this.#historyFloor > 0;
  }

  /** The expunge history in the form in which it is written to the log. */
  get keptHistory(): { expunged?: readonly number[]; floor: Seq } {
    if (this.#history === null) return { floor: this.#historyFloor };
    return { expunged: this.#history.toPairs(), floor: this.#history.floor };
  }

  restoreHistory(pairs: readonly number[], floor: Seq): void {
    this.#historyFloor = floor;
    this.#history = pairs.length === 0 ? null : ExpungeHistory.fromPairs(pairs, floor);
  }

  /**
   * Skips `count` UIDs, so that they are never assigned. If fewer UIDs are left, increases UIDVALIDITY
   * instead.
   */
  skipUids(count: number): void {
    if (this.uidNext + count > LAST_UID) this.uidValidity++;
    else this.uidNext = (this.uidNext + count) as Uid;
  }

  /**
   * Drops the expunges up to the change number `seq` from the history. Called when earlier log lines are
   * lost, because the history is then incomplete.
   */
  forgetHistory(seq: Seq): void {
    this.#historyFloor = seq;
    this.#history = null;
  }

  /** Adds a placement (a message in this mailbox), or replaces the placement with the same UID. */
  put(placement: PlacementState): void {
    const before = this.placements.get(placement.uid);
    if (before !== undefined) this.#count(before, -1);
    this.placements.set(placement);
    this.#count(placement, 1);
    if (placement.uid >= this.uidNext) this.uidNext = (placement.uid + 1) as Uid;
    this.touch(placement.modseq);
  }

  take(uid: Uid, seq: Seq): PlacementState | undefined {
    const placement = this.placements.delete(uid);
    if (placement === undefined) return undefined;
    this.#count(placement, -1);
    // The expunge history is stored only for accounts whose mailboxes a client may have seen: a client asks
    // only for changes since it last saw a mailbox.
    if (this.account.watched) this.history.add(uid, seq);
    else this.#historyFloor = seq;
    this.touch(seq);
    return placement;
  }

  touch(seq: Seq): void {
    if (seq > this.highestModseq) this.highestModseq = seq;
  }

  info(): MailboxInfo {
    return {
      id: this.id,
      account: this.account.name,
      name: this.name,
      role: this.role,
      subscribed: this.account.subscriptions.has(this.name),
      uidValidity: this.uidValidity,
      uidNext: this.uidNext,
      highestModseq: this.highestModseq,
      recentFrom: this.recent,
      recent: this.placements.countFrom(this.recent),
      messages: this.messages,
      unseen: this.unseen,
      deleted: this.deleted,
      size: this.size,
    };
  }

  #count(placement: PlacementState, by: 1 | -1): void {
    this.messages += by;
    if (!placement.seen) this.unseen += by;
    if (placement.deleted) this.deleted += by;
    this.size += by * placement.size;
  }
}

// This section of the file defines placements: messages in mailboxes.

/** The fields of a placement (a message in a mailbox) other than the message and the mailbox. */
export interface PlacementFacts {
  readonly uid: Uid;
  readonly flags: FlagSet;
  readonly modseq: Seq;
  /** Number (seq) of the change that added the message to the mailbox. */
  readonly born: Seq;
  readonly savedAt: number;
}

/**
 * A placement: a message in a mailbox. Placements are immutable. They are the most numerous objects of the
 * store; to save memory, fields that the message record contains are read from the record.
 */
export class PlacementState implements Placement {
  readonly uid: Uid;
  readonly flags: FlagSet;
  readonly modseq: Seq;
  // These fields are private, so that only the fields of the interface `Placement` appear when a placement is
  // compared or printed.
  readonly #record: MessageRecord;
  readonly #mailbox: MailboxState;
  readonly #born: Seq;
  /**
   * Time in milliseconds from the storage of the message to its addition to this mailbox; 0 except for
   * copies.
   */
  readonly #savedLater: number;

  constructor(record: MessageRecord, mailbox: MailboxState, facts: PlacementFacts) {
    this.uid = facts.uid;
    this.flags = facts.flags;
    this.modseq = facts.modseq;
    this.#record = record;
    this.#mailbox = mailbox;
    this.#born = facts.born;
    this.#savedLater = facts.savedAt - record.storedAt;
  }

  get message(): MessageId {
    return this.#record.id;
  }

  get receivedAt(): number {
    return this.#record.receivedAt;
  }

  get savedAt(): number {
    return this.#record.storedAt + this.#savedLater;
  }

  get size(): number {
    return this.#record.size;
  }

  get record(): MessageRecord {
    return this.#record;
  }

  get mailbox(): MailboxState {
    return this.#mailbox;
  }

  get born(): Seq {
    return this.#born;
  }

  get seen(): boolean {
    return this.flags.includes('\\Seen');
  }

  get flagged(): boolean {
    return this.flags.includes('\\Flagged');
  }

  get deleted(): boolean {
    return this.flags.includes('\\Deleted');
  }

  withFlags(flags: FlagSet, modseq: Seq): PlacementState {
    const { uid, savedAt } = this;
    return new PlacementState(this.#record, this.#mailbox, { uid, flags, modseq, savedAt, born: this.#born });
  }
}

// This section of the file defines messages.

const NONE: readonly never[] = Object.freeze([]);

export class MessageRecord {
  readonly id: MessageId;
  readonly seq: Seq;
  readonly receivedAt: number;
  readonly size: number;
  /** CRC-32 of the message's bytes as a signed number; `null` for a message that an earlier version stored. */
  readonly sum: number | null;
  /**
   * Tags of the message. The array is replaced and never modified, because callers hold references to it. The
   * same applies to `places` and `notes`.
   */
  tags: readonly string[];
  #places: readonly PlacementState[] = NONE;
  readonly storedAt: number;
  offset: number;
  length: number;
  notes: readonly NotePosition[] = NONE;
  // The place of the bytes as two numbers, which take less memory than an object.
  #rawSegment: number;
  #rawOffset: number;
  /** Number that the search index has assigned to the message; −1 while the message is not in the index. */
  indexNumber = -1;

  constructor(
    message: Pick<StoredSummary, 'id' | 'seq' | 'receivedAt' | 'size' | 'sum' | 'raw'>,
    tags: readonly string[],
    storedAt: number,
    position: Position,
  ) {
    this.id = message.id;
    this.seq = message.seq;
    this.receivedAt = message.receivedAt;
    this.size = message.size;
    this.sum = message.sum ?? null;
    this.tags = tags;
    this.storedAt = storedAt;
    this.offset = position.offset;
    this.length = position.length;
    const [segment, offset] = message.raw ?? [OWN_FILE.segment, OWN_FILE.offset];
    this.#rawSegment = segment;
    this.#rawOffset = offset;
  }

  /** The placements of the message in mailboxes. */
  get places(): readonly PlacementState[] {
    return this.#places;
  }

  set places(places: readonly PlacementState[]) {
    // An array that grew by `push` has space for 17 elements. A copy has exactly the space that it needs.
    this.#places = places.slice();
  }

  /** The place of the message's bytes. */
  get raw(): RawPlace {
    return { segment: this.#rawSegment, offset: this.#rawOffset };
  }

  set raw({ segment, offset }: RawPlace) {
    this.#rawSegment = segment;
    this.#rawOffset = offset;
  }

  /** Number of copies of the message in the mailboxes of the account `all`. */
  get inAll(): number {
    let count = 0;
    for (const place of this.places) if (place.mailbox.account.name === ALL) count++;
    return count;
  }
}
