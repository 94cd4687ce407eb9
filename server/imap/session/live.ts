/** Describes an IMAP session for the list of open sessions. */
import type { LiveSession, LiveState } from '../../net/live-session.ts';
import { DEVIATIONS } from '../wire/deviation.ts';
import type { Session } from './session.ts';

function stateOf({ state, onChange }: Session): LiveState {
  if (state === 'not-authenticated') return 'connected';
  // The session's callback `onChange` is set only while the session is in IDLE.
  if (onChange !== null) return 'idle';
  return state === 'selected' ? 'selected' : 'ready';
}

export function liveSession(session: Session): LiveSession {
  const { connection, since, client, user } = session;
  return {
    peer: connection.peer,
    since,
    client,
    user,
    tls: connection.tls,
    state: stateOf(session),
    about: session.state === 'selected' ? session.mailbox.info.name : null,
    deviations: [...session.deviations].map((deviation) => DEVIATIONS[deviation]),
    messages: null,
  };
}
