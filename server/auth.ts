/**
 * Who may log in, for every protocol: configured `user:pass` pairs, minted accounts, and otherwise anybody with
 * any password. A login name is an address or `all`; both spell the account it opens.
 */
import { ALL, accountName, type AccountName } from './store/ids.ts';
import type { Store } from './store/store.ts';

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
  secret(user: string): Promise<KnownSecret>;
  /** The account that a user who has proved their name reads. */
  account(user: string): AccountName;
}

/**
 * @param listed configured pairs, `user` to password; when not empty, users who are neither listed nor minted
 *   are refused.
 */
export function createAuthenticator(
  store: Pick<Store, 'credentials'>,
  listed: ReadonlyMap<string, string>,
): Authenticator {
  return {
    listed: listed.size > 0,
    async secret(user) {
      const configured = listed.get(user);
      if (configured !== undefined) return { kind: 'password', password: configured };
      const minted = await store.credentials(accountName(user));
      if (minted?.password != null) return { kind: 'password', password: minted.password };
      return listed.size > 0 ? { kind: 'unknown' } : { kind: 'any' };
    },
    account(user) {
      // A listed name such as `app` is no address: whoever logs in with it reads everything.
      return user.includes('@') ? accountName(user) : ALL;
    },
  };
}
