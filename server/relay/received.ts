/**
 * Composes the trace field `Received` that the relay adds (RFC 5321 §4.4). It names the client that sent the
 * message, and the time.
 */
import type { Origin } from '../message/envelope.ts';
import type { MessageId } from '../store/ids.ts';
import { mailDate } from '../../contract/text/date.ts';

export interface Trace {
  readonly id: MessageId;
  readonly origin: Origin;
  readonly hostname: string;
  readonly now: number;
  /**
   * The recipient if the message has only one, else `null`, so that recipients do not learn of each other.
   */
  readonly recipient: string | null;
}

/** Removes from a client's name the characters that a trace field must not contain. */
const word = (text: string): string => text.replaceAll(/[^A-Za-z0-9.:[\]_-]/g, '').slice(0, 255);

export function receivedField({ id, origin, hostname, now, recipient }: Trace): string {
  const { helo, peer, tls, user, kind } = origin;
  const address = peer === null ? null : word(peer.replace(/:\d+$/, ''));
  const name = helo === null || word(helo) === '' ? 'unknown' : word(helo);
  const from =
    kind === 'smtp' || kind === 'lmtp' ? `from ${name}${address === null ? '' : ` ([${address}])`}` : null;
  // The protocol name gets the suffixes of RFC 3848: S for TLS, A for a login.
  const protocol = kind === 'lmtp' ? 'LMTP' : 'ESMTP';
  const how =
    kind === 'smtp' || kind === 'lmtp'
      ? `${protocol}${tls === null ? '' : 'S'}${user === null ? '' : 'A'}`
      : 'HTTP';
  const target = recipient === null ? '' : `\r\n\tfor <${recipient}>`;
  return `Received: ${from === null ? '' : `${from}\r\n\t`}by ${hostname} (Restante) with ${how} id ${id}${target};\r\n\t${mailDate(now)}\r\n`;
}
