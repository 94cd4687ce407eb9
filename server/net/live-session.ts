/** An open connection, as the UI and the API show it. */
import type { TlsFacts } from '../message/envelope.ts';

/**
 * The state of a connection: `connected`: the client has neither logged in nor sent a greeting command;
 * `ready`: the server waits for the next command; `envelope`: the client has begun a message; `data`: the
 * client is sending the message;
 * `selected`: a mailbox is open; `idle`: the client waits for changes in a mailbox (IMAP IDLE); `streaming`:
 * the server sends events to the client.
 */
export type LiveState = 'connected' | 'ready' | 'envelope' | 'data' | 'selected' | 'idle' | 'streaming';

export interface LiveSession {
  /** The client's address as `address:port`, or the path of a Unix socket. */
  readonly peer: string;
  /** The time when the connection was accepted, in milliseconds since the epoch. */
  readonly since: number;
  /**
   * The name that the client sent: in EHLO, in the IMAP ID command, or as its User-Agent; `null` when it sent
   * none.
   */
  readonly client: string | null;
  /** The user who is logged in; `null` before a login. */
  readonly user: string | null;
  readonly tls: TlsFacts | null;
  readonly state: LiveState;
  /**
   * Content of the session: the current envelope, the open mailbox, or the streamed events; `null` when there
   * is none of them.
   */
  readonly about: string | null;
  /** The ways in which commands of the client deviated from the standard and were accepted, one phrase each. */
  readonly deviations?: readonly string[];
  /**
   * The number of messages that were received from the client or reported to it so far; `null` when messages
   * are not counted.
   */
  readonly messages: number | null;
}
