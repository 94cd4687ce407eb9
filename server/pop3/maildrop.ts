/**
 * The maildrop of one POP3 session (RFC 1939 §4–6): a snapshot of an INBOX taken at login. Numbers stay as they
 * are whatever is deleted, here or elsewhere; deletions are made at QUIT and not before.
 */
import type { AccountName, MailboxId, Uid } from '../store/ids.ts';
import { StoreError, unlessUnwritable, type Placement, type Store } from '../store/store.ts';

export interface Drop {
  readonly number: number;
  readonly placement: Placement;
  /** Stable across sessions, 1–70 characters of 0x21–0x7E (RFC 1939 §7). */
  readonly uidl: string;
}

/** Octets that are read and sent at a time: a client that takes its time holds no more. */
const SLICE = 256 * 1024;

/** Locks of a store's maildrops: one session for each (RFC 1939 §4), whichever listener it came by. */
export class MaildropLocks {
  static readonly #ofStores = new WeakMap<Store, MaildropLocks>();
  readonly #held = new Set<AccountName>();

  static of(store: Store): MaildropLocks {
    const known = MaildropLocks.#ofStores.get(store) ?? new MaildropLocks();
    MaildropLocks.#ofStores.set(store, known);
    return known;
  }

  /** False when another session has it. */
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

  /** Messages not marked as deleted, in order. */
  get listed(): readonly Drop[] {
    return this.#drops.filter(({ number }) => !this.#deleted.has(number));
  }

  get octets(): number {
    return this.listed.reduce((sum, { placement }) => sum + placement.size, 0);
  }

  /** `undefined` for a number that never was, or is marked as deleted. */
  get(number: number): Drop | undefined {
    return this.#deleted.has(number) ? undefined : this.#drops[number - 1];
  }

  /** Octets from `start` on, a slice of them; `undefined` when the message was deleted elsewhere meanwhile. */
  read({ placement }: Drop, start: number): Promise<Buffer | undefined> {
    return this.#store.messages.rawPart(placement.message, start, start + SLICE);
  }

  /** As clients expect of a message they have fetched. One that is gone meanwhile is left so. */
  async markSeen({ placement }: Drop): Promise<void> {
    if (placement.flags.includes('\\Seen')) return;
    // Where flags cannot be stored, messages can be read all the same.
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

  /** The UPDATE state: what was marked goes. Returns how many went. */
  async update(): Promise<number> {
    const uids = [...this.#deleted]
      .map((number) => this.#drops[number - 1]?.placement.uid)
      .filter((uid): uid is Uid => uid !== undefined);
    if (uids.length === 0) return 0;
    return (await unlessGone(this.#store.placements.expunge(this.#mailbox, uids)))?.length ?? 0;
  }
}

/** `undefined` when the whole account was removed while the session went on. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'not-found') return undefined;
    throw error;
  }
}
