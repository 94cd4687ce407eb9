/** Creates accounts on request, mostly one for each test, and removes accounts. */
import type { MintAccount, MintedAccount, Endpoint } from '../../contract/index.ts';
import { badRequest, notFound } from '../../contract/problems.ts';
import { ALL, accountName } from '../store/ids.ts';
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
  const name = accountName(address);
  if (name === ALL) throw badRequest('`all` cannot be removed; delete its messages instead');
  if (!(await store.accounts.remove(name))) throw notFound(`There is no account ${name}`);
}
