/** An account: a name with an INBOX until somebody logs in or files something. 100,000 of them are normal. */
import { ALL, type AccountName } from '../ids.ts';
import type { AccountInfo, MailboxRole } from '../store.ts';
import type { MailboxState } from './mailbox-state.ts';

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
  /** Place in the order of creation. */
  readonly order: number;
  /** When it was created, never before the account of the order before it: for cursors, whatever the clock does. */
  readonly since: number;
  opened = false;
  minted = false;
  password: string | null = null;
  inbox: MailboxState | undefined;
  /** Mailboxes by name, INBOX aside. */
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

  /** Without mail, nobody would miss it: nobody logged in, and nobody asked for it. */
  get forgettable(): boolean {
    return !this.watched && !this.minted && this.#others === null && this.#subscriptions === null;
  }

  /** Whether some client may know its mailboxes. */
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
      messages: this.inbox?.placements.size ?? 0,
      unread: this.inbox?.unseen ?? 0,
    };
  }
}
