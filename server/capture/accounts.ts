/** Which accounts a message is for, besides `all`. */
import type { Envelope } from '../message/envelope.ts';
import { ALL, accountName, type AccountName } from '../store/ids.ts';

export interface AccountRules {
  /** Whether `bob+tag@…` is the account `bob@…`. */
  readonly foldSubaddresses: boolean;
}

/** `bob+tag@x.test` → `bob@x.test` (RFC 5233). */
const withoutDetail = (address: string): string => address.replace(/^([^+@]+)\+[^@]*(?=@|$)/, '$1');

/** The account of a recipient's address. */
export function recipientAccount(address: string, { foldSubaddresses }: AccountRules): AccountName {
  return accountName(foldSubaddresses ? withoutDetail(address) : address);
}

/**
 * One account for each recipient, and the authenticated user's where that is an address or a known account, so that
 * an application with fixed recipients is isolated by its credentials. Mail to a sub-address of a minted account goes
 * to that account too: who made it has as many addresses as a test needs.
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
