/** What smtp-server learned of AUTH, as the handler's question. */
import { timingSafeEqual } from 'node:crypto';
import type { SMTPServerAuthentication } from 'smtp-server';
import type { SmtpCredentials } from './handler.ts';

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function credentialsOf(auth: SMTPServerAuthentication): SmtpCredentials {
  const user = auth.username ?? '';
  if (auth.method === 'CRAM-MD5') {
    return { mechanism: 'CRAM-MD5', user, verify: (secret) => auth.validatePassword(secret) };
  }
  if (auth.method === 'XOAUTH2') {
    return { mechanism: 'XOAUTH2', user, verify: (secret) => sameText(auth.accessToken ?? '', secret) };
  }
  const mechanism = auth.method === 'LOGIN' ? 'LOGIN' : 'PLAIN';
  return { mechanism, user, verify: (secret) => sameText(auth.password ?? '', secret) };
}
