/**
 * The maildrop of one POP3 session (RFC 1939 §4–6): a snapshot of an INBOX at the time of the login. Message
 * numbers do not change when messages are deleted, by this session or by others; messages that this session
 * marks as deleted are deleted at QUIT.
 */
import type { AccountName, MailboxId, Uid } from '../store/ids.ts';
import { StoreError, unlessUnwritable, type Placement, type Store } from '../store/store.ts';

export interface Drop {
  readonly number: number;
  readonly placement: Placement;
  /**
   * The unique id of the message that UIDL returns: the same in every session, 1–70 characters of 0x21–0x7E
   * (RFC 1939 §7).
   */
  readonly uidl: string;
}

/**
 * The number of octets of a message that are read and sent at a time. It limits the memory that a slow client
 * occupies.
 */
const SLICE = 256 * 1024;

/**
 * The locks of the maildrops of a store: only one session may open a maildrop at a time (RFC 1939 §4), over all
 * POP3 listeners.
 */
export class MaildropLocks {
  static readonly #ofStores = new WeakMap<Store, MaildropLocks>();
  readonly #held = new Set<AccountName>();

  static of(store: Store): MaildropLocks {
    const known = MaildropLocks.#ofStores.get(store) ?? new MaildropLocks();
    MaildropLocks.#ofStores.set(store, known);
    return known;
  }

  /** Locks the maildrop of an account. Returns false when another session has already locked it. */
  take(account: AccountName): boolean {
    if (this.#held.has(account)) return false;
    this.#held.add(account);
    return true;
  }

  release(account: AccountName): void {
    this.#held.delete(account);
  }
}

export class Maildrop {
  readonly #store: Store;
  readonly #mailbox: MailboxId;
  readonly #drops: readonly Drop[];
  readonly #deleted = new Set<number>();

  private constructor(store: Store, mailbox: MailboxId, drops: readonly Drop[]) {
    this.#store = store;
    this.#mailbox = mailbox;
    this.#drops = drops;
  }

  static async open(store: Store, account: AccountName): Promise<Maildrop> {
    await store.accounts.open(account);
    const inbox = await store.mailboxes.find(account, 'INBOX');
    if (inbox === undefined) throw new Error(`${account} has no INBOX`);
    const placements = await store.placements.list(inbox.id);
    const drops = placements.map((placement, index) => ({
      number: index + 1,
      placement,
      uidl: `${inbox.uidValidity}.${placement.uid}`,
    }));
    return new Maildrop(store, inbox.id, drops);
  }

  /** The messages that are not marked as deleted, in the order of their message numbers. */
  get listed(): readonly Drop[] {
    return this.#drops.filter(({ number }) => !this.#deleted.has(number));
  }

  get octets(): number {
    return this.listed.reduce((sum, { placement }) => sum + placement.size, 0);
  }

  /** Returns the message with the given number; `undefined` if it does not exist or is marked as deleted. */
  get(number: number): Drop | undefined {
    return this.#deleted.has(number) ? undefined : this.#drops[number - 1];
  }

  /**
   * Returns a slice of a message that begins at the octet `start`; `undefined` when the message was deleted in
   * the meantime.
   */
  read({ placement }: Drop, start: number): Promise<Buffer | undefined> {
    return this.#store.messages.rawPart(placement.message, start, start + SLICE);
  }

  /**
   * Sets the flag `\Seen` of a message that the client retrieved with RETR. Does nothing when the message was
   * deleted in the meantime.
   */
  async markSeen({ placement }: Drop): Promise<void> {
    if (placement.flags.includes('\\Seen')) return;
    // The message is sent even if its flag `\Seen` cannot be stored, for example because the disk is full.
    await unlessUnwritable(
      unlessGone(this.#store.placements.setFlags(this.#mailbox, [placement.uid], 'add', ['\\Seen'])),
    );
  }

  delete(number: number): void {
    this.#deleted.add(number);
  }

  reset(): void {
    this.#deleted.clear();
  }

  /**
   * Deletes the messages that the session marked as deleted (the UPDATE state of RFC 1939 §6) and returns their
   * number.
   */
  async update(): Promise<number> {
    const uids = [...this.#deleted]
      .map((number) => this.#drops[number - 1]?.placement.uid)
      .filter((uid): uid is Uid => uid !== undefined);
    if (uids.length === 0) return 0;
    return (await unlessGone(this.#store.placements.expunge(this.#mailbox, uids)))?.length ?? 0;
  }
}

/**
 * Returns the result of a call to the store; `undefined` when the call fails because the whole account was
 * deleted during the session.
 */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'not-found') return undefined;
    throw error;
  }
}
