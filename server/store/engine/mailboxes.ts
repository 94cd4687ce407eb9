/** Implements the store's operations on mailboxes. */
import type { AccountName, MailboxId, Uid } from '../ids.ts';
import {
  canonicalName,
  mailboxOf,
  planClaimRecent,
  planCreate,
  planDelete,
  planRename,
  planSubscribe,
} from './plan/mailboxes.ts';
import {
  unlessUnwritable,
  type Mailboxes,
  type MailboxInfo,
  type MailboxRole,
  type Placements,
} from '../store.ts';
import type { Core } from './core.ts';

export class EngineMailboxes implements Mailboxes {
  readonly #core: Core;
  readonly #placements: Pick<Placements, 'move'>;

  constructor(core: Core, placements: Pick<Placements, 'move'>) {
    this.#core = core;
    this.#placements = placements;
  }

  async list(account: AccountName): Promise<readonly MailboxInfo[]> {
    this.#core.assertOpen();
    const known = this.#core.state.accounts.get(account);
    return [...(known?.mailboxes() ?? [])].map((mailbox) => mailbox.info());
  }

  async find(account: AccountName, name: string): Promise<MailboxInfo | undefined> {
    this.#core.assertOpen();
    return this.#core.state.accounts.get(account)?.mailbox(canonicalName(name))?.info();
  }

  async get(id: MailboxId): Promise<MailboxInfo | undefined> {
    this.#core.assertOpen();
    return this.#core.state.mailboxes.get(id)?.info();
  }

  create(account: AccountName, name: string, role?: MailboxRole): Promise<MailboxInfo> {
    const { state, clock } = this.#core;
    return this.#core.commit(() => planCreate(state, account, name, role ?? null, clock()));
  }

  delete(account: AccountName, name: string): Promise<void> {
    const { state, clock } = this.#core;
    return this.#core.commit(() => planDelete(state, account, name, clock()));
  }

  async rename(account: AccountName, from: string, to: string): Promise<void> {
    const { state, clock } = this.#core;
    if (canonicalName(from) !== 'INBOX') {
      await this.#core.commit(() => planRename(state, account, from, to, clock()));
      return;
    }
    // INBOX cannot be renamed. Instead, its messages are moved to the new mailbox (RFC 9051 §6.3.6).
    const target = await this.create(account, to);
    const inbox = mailboxOf(state, account, from);
    const uids = inbox.placements.toArray().map(({ uid }) => uid);
    await this.#placements.move(inbox.id, uids, target.id);
  }

  async subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void> {
    await this.#core.commit(() => planSubscribe(this.#core.state, account, name, subscribed));
  }

  async subscriptions(account: AccountName): Promise<readonly string[]> {
    this.#core.assertOpen();
    return [...(this.#core.state.accounts.get(account)?.subscriptions ?? [])].sort();
  }

  async claimRecent(id: MailboxId): Promise<Uid> {
    const plan = () => planClaimRecent(this.#core.state, this.#core.mailbox(id));
    // The store must record which messages were reported as `\Recent`. If it cannot write this, the session
    // gets no recent messages.
    return (await unlessUnwritable(this.#core.commit(plan, true))) ?? this.#core.mailbox(id).uidNext;
  }
}
