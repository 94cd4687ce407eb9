/** Implements the store's operations on accounts. */
import { cursorOf, parseCursor } from '../find/pages/account-cursor.ts';
import { ALL, type AccountName } from '../ids.ts';
import { planMint, planOpen, planPassword, planRemoveAccount } from '../engine/plan/accounts.ts';
import type { AccountCredentials, AccountInfo, AccountPage, Accounts, AccountsRequest } from '../store.ts';
import type { Core } from './core.ts';
import { safeName } from './text.ts';

interface InfoRow {
  readonly name: AccountName;
  readonly minted: boolean;
  readonly has_password: boolean;
  readonly created_at: number;
  readonly since: number;
  readonly messages: number;
  readonly unread: number;
}

const SELECT = `select a.name, a.minted, a.password is not null as has_password, a.created_at, a.since,
    coalesce(m.messages, 0) as messages, coalesce(m.unseen, 0) as unread
  from account a left join mailbox m on m.account = a.name and m.name = 'INBOX'`;

const infoOf = (row: InfoRow): AccountInfo => ({
  name: row.name,
  minted: row.minted,
  hasPassword: row.has_password,
  createdAt: row.created_at,
  messages: row.messages,
  unread: row.unread,
});

export class PostgresAccounts implements Accounts {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async list({ name = '', limit, cursor }: AccountsRequest): Promise<AccountPage> {
    const after = cursor === undefined ? undefined : parseCursor(cursor);
    const wanted = safeName(name.toLowerCase());
    const rows = await this.#page(wanted, limit + 1, after);
    const [counted] = await this.#core.read<{ count: number }>(
      `select count(*) from account where $1 = '' or strpos(name, $1) > 0`,
      [wanted],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last !== undefined ? cursorOf(last) : null;
    return { accounts: page.map(infoOf), total: counted?.count ?? 0, next };
  }

  async get(name: AccountName): Promise<AccountInfo | undefined> {
    const [row] = await this.#core.read<InfoRow>(
      `${SELECT} where a.name = $1`,
      [safeName(name)],
      'account-get',
    );
    return row && infoOf(row);
  }

  async credentials(name: AccountName): Promise<AccountCredentials | undefined> {
    const [row] = await this.#core.read<AccountCredentials>(
      'select name, password from account where name = $1',
      [safeName(name)],
      'account-credentials',
    );
    return row;
  }

  mint(name: AccountName, password: string): Promise<AccountInfo> {
    return this.#core.commit({ accounts: [name] }, (state) =>
      planMint(state, name, password, this.#core.clock()),
    );
  }

  setPassword(name: AccountName, password: string | null): Promise<AccountInfo> {
    return this.#core.commit({ accounts: [name] }, (state) =>
      planPassword(state, name, password, this.#core.clock()),
    );
  }

  async open(name: AccountName): Promise<AccountInfo> {
    const [known] = await this.#core.read<InfoRow>(`${SELECT} where a.name = $1 and a.opened`, [
      safeName(name),
    ]);
    if (known !== undefined) return infoOf(known);
    return this.#core.commit({ accounts: [name] }, (state) => planOpen(state, name, this.#core.clock()));
  }

  remove(name: AccountName): Promise<boolean> {
    return this.#core.commit({ accounts: [name], contents: { account: name } }, (state) =>
      planRemoveAccount(state, name, this.#core.clock()),
    );
  }

  /**
   * Returns the rows of the accounts that follow the cursor, in the order of the list: the account `all`, then the
   * other accounts from the newest to the oldest.
   */
  async #page(
    wanted: string,
    limit: number,
    after: { readonly since: number; readonly name: string } | undefined,
  ): Promise<readonly InfoRow[]> {
    const order = `order by a.name = '${ALL}' desc, a.since desc, a.ordinal desc limit $2`;
    const named = `($1 = '' or strpos(a.name, $1) > 0)`;
    if (after === undefined) return this.#core.read(`${SELECT} where ${named} ${order}`, [wanted, limit]);
    const rest = `${named} and a.name <> '${ALL}'`;
    if (after.name === ALL) return this.#core.read(`${SELECT} where ${rest} ${order}`, [wanted, limit]);
    // If the account that the cursor names was removed, accounts that were created in the same millisecond may be
    // listed twice, but none is skipped.
    return this.#core.read(
      `${SELECT} where ${rest} and a.since <= $3 and (a.since < $3 or a.ordinal <
         coalesce((select ordinal from account where name = $4 and since = $3), 9223372036854775807)) ${order}`,
      [wanted, limit, after.since, safeName(after.name)],
    );
  }
}
