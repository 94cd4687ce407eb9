/** Groups the accounts of the sidebar by domain, so that the sidebar stays short if there are many accounts. */
import type { Account } from '../../contract/index.ts';

export interface AccountGroup {
  /** The domain of the accounts; empty for accounts whose names are not addresses. */
  readonly domain: string;
  readonly accounts: readonly Account[];
  readonly unread: number;
}

const domainOf = (name: string): string => (name.includes('@') ? name.slice(name.lastIndexOf('@') + 1) : '');

/** Compares two accounts: the account with unread mail first, otherwise the newer account. */
export const byNews = (a: Account, b: Account): number =>
  Number(b.unread > 0) - Number(a.unread > 0) || b.createdAt.localeCompare(a.createdAt);

/** Returns the groups of the accounts by domain. Accounts and groups are ordered by `byNews`. */
export function groupAccounts(accounts: readonly Account[]): readonly AccountGroup[] {
  const groups = new Map<string, Account[]>();
  for (const account of accounts.toSorted(byNews)) {
    const domain = domainOf(account.name).toLowerCase();
    const group = groups.get(domain) ?? [];
    group.push(account);
    groups.set(domain, group);
  }
  return [...groups].map(([domain, ofDomain]) => ({
    domain,
    accounts: ofDomain,
    unread: ofDomain.reduce((sum, { unread }) => sum + unread, 0),
  }));
}
