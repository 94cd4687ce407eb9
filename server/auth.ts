/**
 * Authenticates users for all protocols, by the configured `user:pass` pairs and the passwords of the accounts
 * that the API created. Without configured pairs, any other user may log in with any password. A login name is
 * an address or `all`, and names the account that it opens. Empty credentials are treated like those of an
 * unknown user.
 */
import { canonicalAddress } from './message/canonical-address.ts';
import { ALL, accountName, type AccountName } from './store/ids.ts';
import type { Accounts } from './store/store.ts';

/** The passwords with which a login name can log in: any password, one password, or none. */
export type KnownSecret =
  /** Any password is accepted. */
  | { readonly kind: 'any' }
  | { readonly kind: 'password'; readonly password: string }
  /** The login name is unknown, and users with unknown names are refused. */
  | { readonly kind: 'unknown' };

export interface Authenticator {
  /**
   * Whether passwords are configured. If not, mechanisms that require the password on both sides cannot work
   * for all users.
   */
  readonly listed: boolean;
  /**
   * Returns the passwords with which a user can log in.
   *
   * @param user the login name, which may be empty: clients send an empty name when their credentials are
   *   configured as empty strings
   */
  secret(user: string): Promise<KnownSecret>;
  /** Returns the account that an authenticated user opens. */
  account(user: string): AccountName;
}

interface AuthenticatorOptions {
  readonly requireUser?: boolean;
  /**
   * The callback that is called once for each login name that is not an address and therefore opens the account
   * `all`.
   */
  readonly opensAll?: (user: string) => void;
}

/** The maximum number of login names that are remembered as reported, so that each name is reported only once. */
const REPORTED = 1000;

/**
 * Creates the authenticator of a server.
 *
 * @param listed the configured passwords by user name. When the map is not empty, users are refused unless they
 *   are in the map or the API created their account.
 * @param requireUser whether the empty user name is refused even if any other name is accepted.
 */
export function createAuthenticator(
  accounts: Pick<Accounts, 'credentials'>,
  listed: ReadonlyMap<string, string>,
  { requireUser = false, opensAll = () => undefined }: AuthenticatorOptions = {},
): Authenticator {
  const strangers: KnownSecret = listed.size > 0 ? { kind: 'unknown' } : { kind: 'any' };
  const bySpelling = new Map([...listed].map(([user, password]) => [canonicalAddress(user), password]));
  const reported = new Set<string>(['', ALL]);
  const report = (user: string): void => {
    if (reported.has(user) || reported.size > REPORTED) return;
    reported.add(user);
    opensAll(user);
  };
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
      // A name such as `app`, or an empty name, is not an address: its user opens the account `all`.
      if (user.includes('@')) return accountName(user);
      report(user);
      return ALL;
    },
  };
}
