/**
 * The whole mail state in memory, used by the store in memory and by the store on disk: accounts, mailboxes,
 * messages, records. The state changes only when `apply` applies a log entry, so that a replay of the log
 * results in the same state.
 */
import { ALL, type AccountName, type MailboxId, type MessageId, type Seq } from '../ids.ts';
import { AccountState, MailboxState, type MessageRecord, type PlacementState } from './mail.ts';
import type { ChangeRing } from './change-ring.ts';
import { ClockSteps } from './clock-steps.ts';
import { FlagSets } from './flag-sets.ts';
import { OrderedList } from './ordered-list.ts';
import { TagSets } from './tag-sets.ts';

export class State {
  readonly ring: ChangeRing;
  readonly accounts = new Map<AccountName, AccountState>();
  /** The accounts in the order of their creation. */
  readonly creations = new OrderedList<AccountState>((account) => account.order);
  readonly mailboxes = new Map<MailboxId, MailboxState>();
  readonly messages = new Map<MessageId, MessageRecord>();
  /** The messages in the order of their arrival. */
  readonly arrivals = new OrderedList<MessageRecord>((record) => record.seq);
  readonly records = new Map<string, Map<string, unknown>>();
  readonly flagSets = new FlagSets();
  readonly tagSets = new TagSets();
  readonly clockSteps = new ClockSteps();
  /**
   * Number of messages in the store. `messages` may contain fewer messages, if the store loads only the messages that
   * a change needs.
   */
  messageCount = 0;
  /** Total size of all raw messages in octets. */
  bytes = 0;
  #dropped: MessageRecord[] = [];
  /**
   * The last UIDVALIDITY of each removed mailbox, by account and mailbox name. A new mailbox of the same name
   * gets a higher UIDVALIDITY. A value below the current time in seconds is no longer needed, because
   * UIDVALIDITY is at least this time.
   */
  readonly #retired = new Map<string, number>();
  #validityFloor = 0;

  constructor(ring: ChangeRing) {
    this.ring = ring;
  }

  get seq(): Seq {
    return this.ring.seq;
  }

  /**
   * Records `seq` as the number of the last change, and drops the stored changes and expunges up to and including
   * this number.
   */
  skipTo(seq: Seq): void {
    this.ring.restart(seq);
    for (const mailbox of this.mailboxes.values()) mailbox.forgetHistory(seq);
  }

  /**
   * Skips UIDs and UIDVALIDITY values, so that only values are assigned that were never used. Called when log
   * lines are lost, because clients may know UIDs from the lost lines.
   *
   * @param count number of UIDs that are skipped in each mailbox
   * @param floor lowest UIDVALIDITY of a mailbox that is created from now on
   */
  skipUids(count: number, floor: number): void {
    this.#validityFloor = floor;
    for (const mailbox of this.mailboxes.values()) mailbox.skipUids(count);
  }

  /**
   * Returns the placement (UID and flags) of a message in the account's INBOX. If the INBOX contains the
   * message twice, returns the latest placement.
   */
  listed(id: MessageId, account: AccountName): PlacementState | undefined {
    const inbox = this.accounts.get(account)?.inbox;
    if (inbox === undefined) return undefined;
    return this.messages.get(id)?.places.findLast(({ mailbox }) => mailbox === inbox);
  }

  /**
   * Returns the UIDVALIDITY for a new mailbox: the current time in seconds since the epoch, or a higher value if an
   * earlier mailbox with the same name had this value or a higher value.
   */
  uidValidity(account: AccountName, name: string, now: number): number {
    const seconds = Math.floor(now / 1000);
    if (this.#retired.size > 1000) {
      for (const [key, value] of this.#retired) if (value < seconds) this.#retired.delete(key);
    }
    return Math.max(seconds, this.#validityFloor, (this.#retired.get(`${account}\n${name}`) ?? 0) + 1);
  }

  /** Remembers the UIDVALIDITY of a removed mailbox, so that it is not assigned again. */
  retire(account: AccountName, name: string, uidValidity: number): void {
    this.#retired.set(`${account}\n${name}`, uidValidity);
  }

  /** The last UIDVALIDITY of each removed mailbox, with its account and its name. */
  *retirements(): Generator<{ account: AccountName; name: string; uidValidity: number }> {
    for (const [key, uidValidity] of this.#retired) {
      const end = key.indexOf('\n');
      yield { account: key.slice(0, end) as AccountName, name: key.slice(end + 1), uidValidity };
    }
  }

  addMailbox(
    id: MailboxId,
    account: AccountState,
    facts: ConstructorParameters<typeof MailboxState>[2],
  ): MailboxState {
    const mailbox = new MailboxState(id, account, facts);
    this.mailboxes.set(id, mailbox);
    account.attach(mailbox);
    return mailbox;
  }

  dropMailbox(mailbox: MailboxState): void {
    this.retire(mailbox.account.name, mailbox.name, mailbox.uidValidity);
    this.mailboxes.delete(mailbox.id);
    mailbox.account.detach(mailbox);
  }

  addAccount(name: AccountName, createdAt: number): AccountState {
    const account = new AccountState(name, createdAt, this.creations.last());
    this.accounts.set(name, account);
    this.creations.set(account);
    return account;
  }

  dropAccount(account: AccountState): void {
    for (const mailbox of [...account.mailboxes()]) this.dropMailbox(mailbox);
    this.accounts.delete(account.name);
    this.creations.delete(account.order);
  }

  addMessage(record: MessageRecord): void {
    this.messages.set(record.id, record);
    this.arrivals.set(record);
    this.messageCount++;
    this.bytes += record.size;
  }

  dropMessage(record: MessageRecord): void {
    this.messages.delete(record.id);
    this.arrivals.delete(record.seq);
    this.messageCount--;
    this.bytes -= record.size;
    this.#dropped.push(record);
  }

  /** Returns the messages that were removed from the state since the last call. */
  takeDropped(): readonly MessageRecord[] {
    const dropped = this.#dropped;
    if (dropped.length > 0) this.#dropped = [];
    return dropped;
  }

  get all(): AccountState {
    const account = this.accounts.get(ALL);
    if (account === undefined) throw new Error('the account that receives everything is missing');
    return account;
  }
}
