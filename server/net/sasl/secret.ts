/**
 * Verifies in constant time that a client knows a secret: the duration does not reveal how much of the secret
 * was right.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { failure, success, type SaslStep, type SaslWorld } from './exchange.ts';

export function sameSecret(given: Buffer | string, known: Buffer | string): boolean {
  const digest = (value: Buffer | string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(known));
}

/**
 * Decodes a user name from GS2 or SCRAM, in which commas and equals signs are encoded as =2C and =3D (RFC 5801
 * §4, RFC 5802 §5.1).
 */
export const saslName = (text: string): string => text.replaceAll('=2C', ',').replaceAll('=3D', '=');

/**
 * Ends a SASL exchange with the result of the login. The login succeeds if any secret is accepted for the user, or
 * if `verify` accepts the user's password.
 *
 * @param user may be empty: clients send an empty name when their credentials are configured as empty strings
 */
export async function settle(
  world: Pick<SaslWorld, 'secret'>,
  user: string,
  verify: (password: string) => boolean,
): Promise<SaslStep> {
  const secret = await world.secret(user);
  switch (secret.kind) {
    case 'any':
      return success(user);
    case 'unknown':
      return failure(
        user === '' ? 'no user name was given' : `no such user: ${user.split(/\s/, 1)[0] ?? ''}`,
      );
    case 'password':
      return verify(secret.password) ? success(user) : failure(`wrong password for ${user}`);
  }
}
