/** LOGIN (RFC 9051 §6.2.3). */
import { timingSafeEqual, createHash } from 'node:crypto';
import { capabilities } from '../capability.ts';
import { command, NOT_AUTHENTICATED, type Completion } from '../command.ts';
import { no } from '../response.ts';
import type { Session } from '../session.ts';

interface LoginArguments {
  readonly user: string;
  readonly password: string;
}

export const login = command<LoginArguments>({
  name: 'LOGIN',
  states: NOT_AUTHENTICATED,
  parse(decoder) {
    decoder.sp();
    const user = decoder.text();
    decoder.sp();
    return { user, password: decoder.text() };
  },
  async run(session, { user, password }) {
    requirePrivacy(session);
    const secret = await session.context.auth.secret(user);
    const accepted =
      secret.kind === 'any' || (secret.kind === 'password' && sameText(secret.password, password));
    if (!accepted || user === '') throw no('AUTHENTICATIONFAILED', 'Wrong user name or password');
    return loggedIn(session, user);
  },
});

/** Refuses to hear credentials in clear where the server is told to. */
export function requirePrivacy(session: Session): void {
  if (session.context.requireTls && !session.connection.secure) {
    throw no('PRIVACYREQUIRED', 'Use TLS first');
  }
}

/** Opens the account of a user who has proved their name. */
export async function loggedIn(session: Session, user: string): Promise<Completion> {
  const account = session.context.auth.account(user);
  await session.store.openAccount(account);
  session.logIn(user, account);
  return { code: `CAPABILITY ${capabilities(session).join(' ')}`, text: 'Logged in' };
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
