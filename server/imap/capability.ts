/**
 * The capabilities that a session announces: those that the commands provide, and those that depend on the
 * state of the session.
 */
import type { Session } from './session/session.ts';

/**
 * Capabilities for the protocol itself, and for properties of the grammar that belong to no single command.
 * IMAP4rev1 is first, because it applies until a client enables IMAP4rev2.
 */
const PROTOCOL = ['IMAP4rev1', 'IMAP4rev2', 'LITERAL+'];

/** Capabilities that are announced before login. Clients request the complete list again after login. */
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
