/** SASL for all protocols: the list of offered mechanisms, and the start of an exchange. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { oauthBearer, xoauth2 } from './bearer.ts';
import { cramMd5 } from './cram-md5.ts';
import type { SaslExchange, SaslMechanism, SaslWorld } from './exchange.ts';
import { login } from './login.ts';
import { plain } from './plain.ts';
import { scramSha256 } from './scram-sha-256.ts';

export type { SaslExchange, SaslSecret } from './exchange.ts';

const mechanisms = {
  PLAIN: plain,
  LOGIN: login,
  'CRAM-MD5': cramMd5,
  'SCRAM-SHA-256': scramSha256,
  XOAUTH2: xoauth2,
  OAUTHBEARER: oauthBearer,
} as const satisfies Record<string, SaslMechanism>;

export type SaslName = keyof typeof mechanisms;

/**
 * Returns the mechanisms to announce, in the order of the table. SCRAM requires a password that the server
 * knows; therefore SCRAM is announced only when users are configured: without configured users every password
 * is accepted, and a client that prefers SCRAM could not log in.
 */
export function offeredMechanisms({ listed }: { readonly listed: boolean }): readonly SaslName[] {
  return (Object.keys(mechanisms) as SaslName[]).filter((name) => listed || name !== 'SCRAM-SHA-256');
}

/** Starts a SASL exchange; returns `null` for an unknown mechanism. */
export function startSasl(
  name: string,
  source: Pick<SaslWorld, 'secret'>,
  world: Partial<SaslWorld> = {},
): SaslExchange | null {
  const known = name.toUpperCase();
  if (!Object.hasOwn(mechanisms, known)) return null;
  return mechanisms[known as SaslName]({
    secret: (user) => source.secret(user),
    randomBytes,
    nonce: () => randomBytes(18).toString('base64url'),
    hostname: hostname(),
    clock: Date.now,
    ...world,
  });
}
