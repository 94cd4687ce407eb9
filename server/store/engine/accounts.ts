/** Implements the store's operations on accounts. */
import type { AccountName } from '../ids.ts';
import { listAccounts } from '../find/pages/accounts.ts';
import { planMint, planOpen, planPassword, planRemoveAccount } from './plan/accounts.ts';
import {
  unlessUnwritable,
  type AccountCredentials,
  type AccountInfo,
  type AccountPage,
  type Accounts,
  type AccountsRequest,
} from '../store.ts';
import type { Core } from './core.ts';

export class EngineAccounts implements Accounts {
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async list(request: AccountsRequest): Promise<AccountPage> {
    this.#core.assertOpen();
    return listAccounts(this.#core.state, request);
  }

  async get(name: AccountName): Promise<AccountInfo | undefined> {
    this.#core.assertOpen();
    return this.#core.state.accounts.get(name)?.info();
  }

  async credentials(name: AccountName): Promise<AccountCredentials | undefined> {
    this.#core.assertOpen();
    const account = this.#core.state.accounts.get(name);
    return account === undefined ? undefined : { name, password: account.password };
  }

  mint(name: AccountName, password: string): Promise<AccountInfo> {
    const { state, clock } = this.#core;
    return this.#core.commit(() => planMint(state, name, password, clock()));
  }

  setPassword(name: AccountName, password: string | null): Promise<AccountInfo> {
    const { state, clock } = this.#core;
    return this.#core.commit(() => planPassword(state, name, password, clock()));
  }

  async open(name: AccountName): Promise<AccountInfo> {
    const { state, clock } = this.#core;
    const opened = this.#core.commit(() => planOpen(state, name, clock()), true);
    const known = state.accounts.get(name);
    if (known === undefined) return opened;
    // If the log entries that create the standard mailboxes cannot be written, an existing account can still
    // be read without these mailboxes.
    return (await unlessUnwritable(opened)) ?? known.info();
  }

  remove(name: AccountName): Promise<boolean> {
    const { state, clock } = this.#core;
    return this.#core.commit(() => planRemoveAccount(state, name, clock()));
  }
}
