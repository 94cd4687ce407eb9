/** SMTP sessions: those that are open, and those that were turned away. */
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';

export const OpenSession = Type.Object({
  peer: Nullable(Type.String()),
  user: Nullable(Type.String()),
  from: Nullable(Type.String({ description: 'Sender of the message under way; null between messages.' })),
  to: Type.Array(Type.String()),
});
export type OpenSession = Static<typeof OpenSession>;

/** A refused or abandoned SMTP session, kept for a while to explain mail that never arrived. */
export const Refusal = Type.Object({
  at: Instant('When.'),
  seq: Type.Integer({ description: 'Seq of the store then.' }),
  protocol: Type.String({
    description: '`smtp`, `lmtp` or `api`; of a failed TLS handshake the protocol of the port, as `imaps`.',
  }),
  handshake: Type.Boolean({ description: 'Whether the client failed at TLS.' }),
  peer: Nullable(Type.String()),
  user: Nullable(Type.String()),
  from: Nullable(Type.String()),
  to: Type.Array(Type.String()),
  reply: Type.String({ description: 'The last refusal, as sent; of a failed TLS handshake the reason.' }),
  rule: Nullable(Type.String({ description: 'The rule that made it so.' })),
});
export type Refusal = Static<typeof Refusal>;

/** A connection that is open now, of whatever protocol. */
export const LiveConnection = Type.Object({
  protocol: Type.Enum(['smtp', 'smtps', 'lmtp', 'imap', 'imaps', 'pop3', 'pop3s', 'websocket', 'sse']),
  peer: Type.String({ description: '`address:port`, or the path of a Unix socket.' }),
  since: Instant('When it was accepted.'),
  client: Nullable(
    Type.String({
      description: 'What the client calls itself: its EHLO name, its IMAP ID, its User-Agent.',
    }),
  ),
  user: Nullable(Type.String({ description: 'Who is logged in.' })),
  tls: Nullable(Type.Object({ protocol: Type.String(), cipher: Type.String() })),
  state: Type.Enum(['connected', 'ready', 'envelope', 'data', 'selected', 'idle', 'streaming'], {
    description:
      '`connected` has not said who it is, `ready` waits for a command, `envelope` has begun a message, `data` ' +
      'sends it, `selected` has a mailbox open, `idle` waits for news there, `streaming` is told of events.',
  }),
  about: Nullable(
    Type.String({ description: 'The envelope under way, the open mailbox, or what is streamed.' }),
  ),
  deviations: Type.Array(Type.String(), {
    description:
      'Where the commands of an IMAP client departed from the standard and were accepted all the same.',
  }),
  messages: Nullable(
    Type.Integer({ description: 'Messages it has brought, or was told of; null where not counted.' }),
  ),
});
export type LiveConnection = Static<typeof LiveConnection>;

export const LiveConnections = Type.Object({
  connections: Type.Array(LiveConnection, { description: 'Oldest first.' }),
});
export type LiveConnections = Static<typeof LiveConnections>;

export const OpenSessions = Type.Object({
  sessions: Type.Array(OpenSession, {
    description: 'SMTP sessions that may still bring the account a message; all without an account.',
  }),
  refused: Type.Array(Refusal, { description: 'Refused or abandoned lately, oldest first.' }),
});
export type OpenSessions = Static<typeof OpenSessions>;
