/** An SMTP connection as whoever watches the server is shown it. */
import type { LiveSession, LiveState } from '../net/live-session.ts';
import type { Session } from './session.ts';

/** Recipients of an envelope that are named before the rest is only counted. */
const NAMED = 3;

function stateOf({ inMessage, transaction, origin }: Session): LiveState {
  if (inMessage) return 'data';
  if (transaction !== null) return 'envelope';
  return origin.helo === null ? 'connected' : 'ready';
}

function envelopeOf({ transaction }: Session): string | null {
  if (transaction === null) return null;
  const { from, to } = transaction;
  const named = to.slice(0, NAMED).map(({ address }) => address);
  const rest = to.length > NAMED ? [`+${to.length - NAMED}`] : [];
  return `<${from.address}> → ${[...named, ...rest].join(', ') || '…'}`;
}

export function liveSession(connection: Session): LiveSession {
  const { peer, helo, user, tls } = connection.origin;
  return {
    peer: peer ?? connection.address,
    since: connection.since,
    client: helo,
    user,
    tls,
    state: stateOf(connection),
    about: envelopeOf(connection),
    messages: connection.taken,
  };
}
