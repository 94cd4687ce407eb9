/** A connection that is open now, as whoever watches the server is shown it. */
import type { TlsFacts } from '../message/envelope.ts';

/**
 * What a connection is at: `connected` has not said who it is, `ready` waits for the next command, `envelope` has
 * begun a message, `data` sends it, `selected` has a mailbox open, `idle` waits for news there, `streaming` is told
 * of events.
 */
export type LiveState = 'connected' | 'ready' | 'envelope' | 'data' | 'selected' | 'idle' | 'streaming';

export interface LiveSession {
  /** `address:port`, or the path of a Unix socket. */
  readonly peer: string;
  /** When it was accepted, milliseconds since the epoch. */
  readonly since: number;
  /** What the client calls itself: the name of its EHLO, its IMAP ID, its User-Agent. */
  readonly client: string | null;
  /** Who is logged in. */
  readonly user: string | null;
  readonly tls: TlsFacts | null;
  readonly state: LiveState;
  /** The envelope under way, the mailbox that is open, or what is streamed. */
  readonly about: string | null;
  /** Where its commands departed from the standard and were accepted, a phrase each. */
  readonly deviations?: readonly string[];
  /** Messages taken from it or told to it so far; `null` where that is not counted. */
  readonly messages: number | null;
}
