/** Determines the accounts that receive a message, in addition to `all`. */
import type { Envelope } from '../message/envelope.ts';
import { ALL, accountName, type AccountName } from '../store/ids.ts';

export interface AccountRules {
  /** Whether mail to `bob+tag@…` is delivered to the account `bob@…`. */
  readonly foldSubaddresses: boolean;
}

/** Removes the sub-address: `bob+tag@x.test` becomes `bob@x.test` (RFC 5233). */
const withoutDetail = (address: string): string => address.replace(/^([^+@]+)\+[^@]*(?=@|$)/, '$1');

/** Returns the account of a recipient's address. */
export function recipientAccount(address: string, { foldSubaddresses }: AccountRules): AccountName {
  return accountName(foldSubaddresses ? withoutDetail(address) : address);
}

/**
 * Returns the accounts that receive a message: one for each recipient, and the account of the authenticated user if
 * the user name is an address or a known account, so that the credentials of an application with fixed recipients
 * isolate its mail. Mail to a sub-address of a minted account also goes to that account, so that its owner can use
 * as many addresses as a test needs.
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
