/** Creates accounts on request, mostly one for each test, and removes accounts. */
import type { MintAccount, MintedAccount, Endpoint } from '../../contract/index.ts';
import { badRequest, notFound } from '../../contract/problems.ts';
import { ALL, accountName, type AccountName } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { presentAccount } from './present/message.ts';

/**
 * The domain of generated addresses. It is a subdomain of `.test`, which is reserved for tests (RFC 2606).
 */
const DOMAIN = 'restante.test';
/** The letters and digits of generated names, without characters that look alike, such as `l` and `1`. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

export interface AccountsDeps {
  readonly store: Store;
  /** Returns a random number of at least 0 and less than 1. */
  readonly random: () => number;
  readonly endpoints: () => readonly Endpoint[];
}

const randomText = (random: () => number, length: number): string =>
  Array.from({ length }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');

function generatedAddress(random: () => number, name: string): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `${label === '' ? '' : `${label}.`}${randomText(random, 8)}@${DOMAIN}`;
}

/**
 * Creates an account with a password. The address and the password are generated if the caller does not specify
 * them.
 */
export async function mintAccount(
  { store, random, endpoints }: AccountsDeps,
  { address: given, password: chosen, name = '' }: MintAccount,
): Promise<MintedAccount> {
  const address = given ?? generatedAddress(random, name);
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(address)) throw badRequest(`${address} is not a valid address`);
  const password = chosen ?? randomText(random, 16);
  const account = await store.accounts.mint(accountName(address), password);
  return {
    ...presentAccount(account),
    address,
    password,
    seq: store.changes.seq,
    endpoints: [...endpoints()],
  };
}

/** Removes an account together with its mail. Throws for the account `all`, which cannot be removed. */
export async function removeAccount(store: Store, address: string): Promise<void> {
  const name = removable(address);
  if (!(await store.accounts.remove(name))) throw notFound(`There is no account ${name}`);
}

function removable(address: string): AccountName {
  const name = accountName(address);
  if (name === ALL) throw badRequest('`all` cannot be removed; delete its messages instead');
  return name;
}

export interface LaterRemovalsDeps {
  readonly store: Store;
  /** Calls a function after a number of milliseconds. Returns a function that cancels the call. */
  readonly later: (work: () => void, milliseconds: number) => () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Accounts that are removed after a delay, for example those of failed tests. The list is in memory only: after a
 * restart, a server with a data directory keeps these accounts.
 */
export class LaterRemovals {
  readonly #deps: LaterRemovalsDeps;
  readonly #cancel = new Map<AccountName, () => void>();

  constructor(deps: LaterRemovalsDeps) {
    this.#deps = deps;
  }

  /** Removes an account after `delay` milliseconds; a second call for the same account replaces the first call. */
  async add(address: string, delay: number): Promise<void> {
    const { store, later, onError } = this.#deps;
    const name = removable(address);
    if ((await store.accounts.get(name)) === undefined) throw notFound(`There is no account ${name}`);
    this.#cancel.get(name)?.();
    const cancel = later(() => {
      this.#cancel.delete(name);
      store.accounts.remove(name).catch(onError);
    }, delay);
    this.#cancel.set(name, cancel);
  }

  /** Cancels all removals. */
  close(): void {
    for (const cancel of this.#cancel.values()) cancel();
    this.#cancel.clear();
  }
}
