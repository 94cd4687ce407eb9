/**
 * Determines the accounts that receive a message. The account `all`, which receives every message, is not
 * part of the result.
 */
import type { Envelope } from '../message/envelope.ts';
import { ALL, accountName, type AccountName } from '../store/ids.ts';

export interface AccountRules {
  /** Whether the sub-address is ignored: mail to `bob+tag@…` is then delivered to the account `bob@…`. */
  readonly foldSubaddresses: boolean;
}

/** Removes the sub-address: `bob+tag@x.test` becomes `bob@x.test` (RFC 5233). */
const withoutDetail = (address: string): string => address.replace(/^([^+@]+)\+[^@]*(?=@|$)/, '$1');

/** Returns the account of a recipient's address. */
export function recipientAccount(address: string, { foldSubaddresses }: AccountRules): AccountName {
  return accountName(foldSubaddresses ? withoutDetail(address) : address);
}

/**
 * Returns the accounts that receive a message: one for each recipient, and the account of the authenticated
 * user if the user name is an address or a known account. With credentials of its own, an application with
 * fixed recipients therefore gets an account with only its own mail. Mail to a sub-address of an account that
 * the API created with a password also goes to that account, so that the owner of the account can use as many
 * addresses as a test needs.
 */
export async function accountsFor(
  envelope: Envelope,
  user: string | null,
  rules: AccountRules,
  account: (name: AccountName) => Promise<{ readonly minted: boolean } | undefined>,
): Promise<readonly AccountName[]> {
  const names = new Set(envelope.to.map(({ address }) => recipientAccount(address, rules)));
  if (user !== null && user !== '') {
    const name = accountName(user);
    if (user.includes('@') || (await account(name)) !== undefined) names.add(name);
  }
  for (const { address } of envelope.to) {
    if (!address.includes('+')) continue;
    const base = accountName(withoutDetail(address));
    if ((await account(base))?.minted === true) names.add(base);
  }
  names.delete(ALL);
  return [...names];
}
