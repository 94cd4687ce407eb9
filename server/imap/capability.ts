/** What CAPABILITY announces: what the commands bring, and what this session may use now. */
import type { Session } from './session/session.ts';

/**
 * The protocol itself, and properties of the grammar that no single command brings. IMAP4rev1 stands first: it is what
 * is spoken until a client enables the other.
 */
const PROTOCOL = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+'];

/** Worth knowing before login; the rest is said after it, as clients ask again then. */
const BEFORE_LOGIN = ['ID', 'ENABLE', 'IDLE', 'SASL-IR'];

export function capabilities(session: Session): string[] {
  const { offered, messageLimit } = session.deps;
  if (session.state === 'not-authenticated') {
    const early = BEFORE_LOGIN.filter((name) => offered.includes(name));
    return [...PROTOCOL, ...early, ...loginWays(session)];
  }
  const lasting = offered.filter((name) => name !== 'SASL-IR');
  return [...PROTOCOL, ...lasting, `APPENDLIMIT=${messageLimit}`];
}

function loginWays(session: Session): string[] {
  const { secureContext, requireTls, mechanisms } = session.deps;
  const upgrade = secureContext !== null && !session.connection.secure ? ['STARTTLS'] : [];
  if (requireTls && !session.connection.secure) return [...upgrade, 'LOGINDISABLED'];
  return [...upgrade, ...mechanisms.map((name) => `AUTH=${name}`)];
}
