/**
 * Determines which API keys are accepted, and the account of each key. Without configured keys, every key is
 * accepted. A key that is an address, or an address and a password with a colon between them, belongs to the
 * account of that address, under the same conditions as a login to the mail servers.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authenticator } from '../auth.ts';

/** An API key that the server accepts; `user` is the address whose account also receives the mail. */
export interface ConfiguredKey {
  readonly key: string;
  readonly user: string | null;
}

/** The sender of a request. `user` is the address that the API key belongs to; `null` for a key without an address. */
export interface KeyHolder {
  readonly user: string | null;
}

export interface ApiKeys {
  /** Whether keys are configured, which means that only these keys, and keys with a valid login are accepted. */
  readonly listed: boolean;
  /** Returns the holder of a key; `null` if the key is not accepted. */
  holderOf(key: string): Promise<KeyHolder | null>;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Splits a key such as `ann@example.test:secret` into an address and a password. */
function loginIn(key: string): { user: string; password: string } | null {
  const match = /^([^\s:]+@[^\s:]+)(?::(.*))?$/s.exec(key);
  return match?.[1] === undefined ? null : { user: match[1], password: match[2] ?? '' };
}

export function createApiKeys(
  configured: readonly ConfiguredKey[],
  auth: Pick<Authenticator, 'secret'>,
): ApiKeys {
  const known = new Map(configured.map(({ key, user }) => [digest(key).toString('hex'), { user }]));
  return {
    listed: configured.length > 0,
    async holderOf(key) {
      const holder = known.get(digest(key).toString('hex'));
      if (holder !== undefined) return holder;
      const login = loginIn(key);
      const secret = login === null ? null : await auth.secret(login.user);
      if (login !== null && secret?.kind === 'password')
        return timingSafeEqual(digest(secret.password), digest(login.password)) ? { user: login.user } : null;
      if (configured.length > 0 || secret?.kind === 'unknown') return null;
      return { user: login?.user ?? null };
    },
  };
}

/** The minimum length of a key of which the mask shows the last four characters. */
const LONG = 16;

/** Returns a key without its secret part, for example `SG.…x7Qd`. Only this form is stored and shown. */
export function maskKey(key: string): string {
  const login = loginIn(key);
  if (login !== null) return `${login.user}:…`;
  if (key.length < LONG) return '…';
  const prefix = /^[A-Za-z]{1,6}[._-]/.exec(key)?.[0] ?? '';
  return `${prefix}…${key.slice(-4)}`;
}
