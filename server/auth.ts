/**
 * Who may log in, for every protocol: configured `user:pass` pairs, minted accounts, and otherwise anybody with
 * any password. A login name is an address or `all`; both spell the account it opens. Empty credentials are
 * treated like those of any other unknown user.
 */
import { canonicalAddress } from './message/canonical-address.ts';
import { ALL, accountName, type AccountName } from './store/ids.ts';
import type { Accounts } from './store/store.ts';

/** What is known of a login name's secret. */
export type KnownSecret =
  /** Any password is accepted. */
  | { readonly kind: 'any' }
  | { readonly kind: 'password'; readonly password: string }
  /** The name is not known and strangers are refused. */
  | { readonly kind: 'unknown' };

export interface Authenticator {
  /** Whether passwords are configured, so that mechanisms which need one on both sides can work for all. */
  readonly listed: boolean;
  /** @param user The empty string is a client whose credentials are configured as empty. */
  secret(user: string): Promise<KnownSecret>;
  /** The account that a user who has proved their name reads. */
  account(user: string): AccountName;
}

/**
 * @param listed Configured pairs, `user` to password. When the map is not empty, users who are neither listed nor
 *   minted are refused.
 * @param requireUser Refuse the empty user name even where any other name is accepted.
 */
export function createAuthenticator(
  accounts: Pick<Accounts, 'credentials'>,
  listed: ReadonlyMap<string, string>,
  { requireUser = false }: { readonly requireUser?: boolean } = {},
): Authenticator {
  const strangers: KnownSecret = listed.size > 0 ? { kind: 'unknown' } : { kind: 'any' };
  const bySpelling = new Map([...listed].map(([user, password]) => [canonicalAddress(user), password]));
  return {
    listed: listed.size > 0,
    async secret(user) {
      if (user === '') return requireUser ? { kind: 'unknown' } : strangers;
      const configured = listed.get(user) ?? bySpelling.get(canonicalAddress(user));
      if (configured !== undefined) return { kind: 'password', password: configured };
      const minted = await accounts.credentials(accountName(user));
      if (minted?.password != null) return { kind: 'password', password: minted.password };
      return strangers;
    },
    account(user) {
      // A name such as `app`, or an empty one, is not an address: its user reads everything.
      return user.includes('@') ? accountName(user) : ALL;
    },
  };
}
