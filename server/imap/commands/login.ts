/** The command LOGIN (RFC 9051 §6.2.3), which logs in with a user name and a password. */
import { sameSecret, settle } from '../../net/sasl/secret.ts';
import { capabilities } from '../capability.ts';
import { command, NOT_AUTHENTICATED, type Completion } from './command.ts';
import { no } from '../wire/response.ts';
import type { Session } from '../session/session.ts';

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
    const outcome = await settle(session.deps.auth, user, (known) => sameSecret(password, known));
    if (outcome.kind !== 'success') throw no('AUTHENTICATIONFAILED', 'Wrong user name or password');
    return loggedIn(session, user);
  },
});

/**
 * Checks that the connection uses TLS if the server requires TLS for a login. @throws Status NO [PRIVACYREQUIRED] if
 * the connection does not use TLS
 */
export function requirePrivacy(session: Session): void {
  if (session.deps.requireTls && !session.connection.secure) {
    throw no('PRIVACYREQUIRED', 'Use TLS first');
  }
}

/** Opens the account of a user after a successful authentication, and returns the tagged response. */
export async function loggedIn(session: Session, user: string): Promise<Completion> {
  const account = session.deps.auth.account(user);
  await session.store.accounts.open(account);
  session.logIn(user, account);
  return { code: `CAPABILITY ${capabilities(session).join(' ')}`, text: 'Logged in' };
}
