/** Describes an open SMTP connection for the UI and the API. */
import type { LiveSession, LiveState } from '../net/live-session.ts';
import type { Session } from './session.ts';

/**
 * The maximum number of recipients whose addresses are listed; the description contains only the number of the other
 * recipients.
 */
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
