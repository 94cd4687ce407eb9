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
 * One account for each recipient, and the authenticated user's where that is an address or `isAccount` knows it, so
 * that an application with fixed recipients is isolated by its credentials.
 */
export async function accountsFor(
  envelope: Envelope,
  user: string | null,
  rules: AccountRules,
  isAccount: (name: AccountName) => Promise<boolean>,
): Promise<readonly AccountName[]> {
  const names = new Set(envelope.to.map(({ address }) => recipientAccount(address, rules)));
  if (user !== null && user !== '') {
    const name = accountName(user);
    if (user.includes('@') || (await isAccount(name))) names.add(name);
  }
  names.delete(ALL);
  return [...names];
}
