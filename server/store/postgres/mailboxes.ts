/** Implements the store's operations on mailboxes. */
import type { AccountName, MailboxId, Uid } from '../ids.ts';
import {
  canonicalName,
  planClaimRecent,
  planCreate,
  planDelete,
  planRename,
  planSubscribe,
} from '../engine/plan/mailboxes.ts';
import { StoreError, type Mailboxes, type MailboxInfo, type MailboxRole, type Placements } from '../store.ts';
import type { Core } from './core.ts';
import { MAILBOX_OF_M, type MailboxRow } from './rows.ts';
import { safeName } from './text.ts';

interface InfoRow extends MailboxRow {
  readonly subscribed: boolean;
  readonly recent_count: number;
}

const SELECT = `select ${MAILBOX_OF_M}, m.name = any(coalesce(a.subscriptions, array['INBOX'])) as subscribed,
    case when m.recent <= 1 then m.messages
      else (select count(*) from placement p where p.mailbox = m.id and p.uid >= m.recent) end as recent_count
  from mailbox m join account a on a.name = m.account`;

const infoOf = (row: InfoRow): MailboxInfo => ({
  id: row.id,
  account: row.account,
  name: row.name,
  role: row.role,
  subscribed: row.subscribed,
  uidValidity: row.uid_validity,
  uidNext: row.uid_next,
  highestModseq: row.highest_modseq,
  recentFrom: row.recent,
  recent: row.recent_count,
  messages: row.messages,
  unseen: row.unseen,
  deleted: row.deleted,
  size: row.size,
});

export class PostgresMailboxes implements Mailboxes {
  readonly #core: Core;
  readonly #placements: Pick<Placements, 'list' | 'move'>;

  constructor(core: Core, placements: Pick<Placements, 'list' | 'move'>) {
    this.#core = core;
    this.#placements = placements;
  }

  async list(account: AccountName): Promise<readonly MailboxInfo[]> {
    const rows = await this.#core.read<InfoRow>(
      `${SELECT} where m.account = $1 order by m.name = 'INBOX' desc, length(m.id), m.id`,
      [safeName(account)],
      'mailbox-list',
    );
    return rows.map(infoOf);
  }

  async find(account: AccountName, name: string): Promise<MailboxInfo | undefined> {
    const [row] = await this.#core.read<InfoRow>(
      `${SELECT} where m.account = $1 and m.name = $2`,
      [safeName(account), safeName(canonicalName(name))],
      'mailbox-find',
    );
    return row && infoOf(row);
  }

  async get(id: MailboxId): Promise<MailboxInfo | undefined> {
    const [row] = await this.#core.read<InfoRow>(`${SELECT} where m.id = $1`, [safeName(id)], 'mailbox-get');
    return row && infoOf(row);
  }

  create(account: AccountName, name: string, role?: MailboxRole): Promise<MailboxInfo> {
    return this.#core.commit({ accounts: [account] }, (state) =>
      planCreate(state, account, name, role ?? null, this.#core.clock()),
    );
  }

  delete(account: AccountName, name: string): Promise<void> {
    const contents = { account, name: canonicalName(name) };
    return this.#core.commit({ accounts: [account], contents }, (state) =>
      planDelete(state, account, name, this.#core.clock()),
    );
  }

  async rename(account: AccountName, from: string, to: string): Promise<void> {
    if (canonicalName(from) !== 'INBOX') {
      await this.#core.commit({ accounts: [account] }, (state) =>
        planRename(state, account, from, to, this.#core.clock()),
      );
      return;
    }
    // INBOX is not renamed; instead, its messages are moved to the new mailbox (RFC 9051 §6.3.6).
    const target = await this.create(account, to);
    const inbox = await this.find(account, from);
    if (inbox === undefined) throw new StoreError('not-found', `There is no mailbox ${from}`);
    const uids = (await this.#placements.list(inbox.id)).map(({ uid }) => uid);
    await this.#placements.move(inbox.id, uids, target.id);
  }

  async subscribe(account: AccountName, name: string, subscribed: boolean): Promise<void> {
    await this.#core.commit({ accounts: [account] }, (state) =>
      planSubscribe(state, account, name, subscribed),
    );
  }

  async subscriptions(account: AccountName): Promise<readonly string[]> {
    const [row] = await this.#core.read<{ subscriptions: readonly string[] | null }>(
      'select subscriptions from account where name = $1',
      [safeName(account)],
    );
    return row === undefined ? [] : [...(row.subscriptions ?? ['INBOX'])].sort();
  }

  async claimRecent(id: MailboxId): Promise<Uid> {
    return this.#core.commit({ mailboxes: [id] }, (state) => {
      const mailbox = state.mailboxes.get(id);
      if (mailbox === undefined) throw new StoreError('not-found', 'There is no such mailbox');
      return planClaimRecent(state, mailbox);
    });
  }
}
