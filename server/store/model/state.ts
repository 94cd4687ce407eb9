/**
 * The whole mail state in memory, used by every store of this process: accounts, mailboxes, messages, records. It
 * changes only through `apply`, one entry at a time, so that a replay of the log results in the same state.
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
  /** The same accounts, in order of creation. */
  readonly creations = new OrderedList<AccountState>((account) => account.order);
  readonly mailboxes = new Map<MailboxId, MailboxState>();
  readonly messages = new Map<MessageId, MessageRecord>();
  /** The same messages, in order of arrival. */
  readonly arrivals = new OrderedList<MessageRecord>((record) => record.seq);
  readonly records = new Map<string, Map<string, unknown>>();
  readonly flagSets = new FlagSets();
  readonly tagSets = new TagSets();
  readonly clockSteps = new ClockSteps();
  /** Octets of all raw messages. */
  bytes = 0;
  /**
   * The last UIDVALIDITYs of removed mailboxes, by account and name: a new mailbox of that name gets a higher one. A
   * number below the current clock in seconds is no longer needed.
   */
  readonly #retired = new Map<string, number>();
  #validityFloor = 0;

  constructor(ring: ChangeRing) {
    this.ring = ring;
  }

  get seq(): Seq {
    return this.ring.seq;
  }

  /** Continues the numbering after `seq`, and forgets the changes and the expunges up to `seq`. */
  skipTo(seq: Seq): void {
    this.ring.restart(seq);
    for (const mailbox of this.mailboxes.values()) mailbox.forgetHistory(seq);
  }

  /**
   * Continues with UIDs and UIDVALIDITYs that were certainly never assigned: lines of the log are lost, and clients
   * may know the numbers in them.
   *
   * @param floor lowest UIDVALIDITY of a mailbox that is created from now on
   */
  skipUids(count: number, floor: number): void {
    this.#validityFloor = floor;
    for (const mailbox of this.mailboxes.values()) mailbox.skipUids(count);
  }

  /**
   * Returns the placement by which the account's INBOX lists a message; the latest one if the INBOX has the message
   * twice.
   */
  listed(id: MessageId, account: AccountName): PlacementState | undefined {
    const inbox = this.accounts.get(account)?.inbox;
    if (inbox === undefined) return undefined;
    return this.messages.get(id)?.places.findLast(({ mailbox }) => mailbox === inbox);
  }

  /**
   * Returns the UIDVALIDITY of a new mailbox: seconds since the epoch, and higher than that of an earlier mailbox
   * with the name.
   */
  uidValidity(account: AccountName, name: string, now: number): number {
    const seconds = Math.floor(now / 1000);
    if (this.#retired.size > 1000) {
      for (const [key, value] of this.#retired) if (value < seconds) this.#retired.delete(key);
    }
    return Math.max(seconds, this.#validityFloor, (this.#retired.get(`${account}\n${name}`) ?? 0) + 1);
  }

  /** Records a UIDVALIDITY that must not be assigned again. */
  retire(account: AccountName, name: string, uidValidity: number): void {
    this.#retired.set(`${account}\n${name}`, uidValidity);
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
    this.bytes += record.size;
  }

  dropMessage(record: MessageRecord): void {
    this.messages.delete(record.id);
    this.arrivals.delete(record.seq);
    this.bytes -= record.size;
  }

  get all(): AccountState {
    const account = this.accounts.get(ALL);
    if (account === undefined) throw new Error('the account that receives everything is missing');
    return account;
  }
}
