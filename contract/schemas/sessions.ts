/** Schemas of open and refused SMTP sessions, and of open connections. */
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';

export const OpenSession = Type.Object(
  {
    peer: Nullable(Type.String()),
    user: Nullable(Type.String()),
    from: Nullable(Type.String({ description: 'Sender of the current message; null between messages.' })),
    to: Type.Array(Type.String()),
  },
  { $id: 'OpenSession' },
);
export type OpenSession = Static<typeof OpenSession>;

/**
 * A refused or abandoned SMTP session. The server remembers it for a limited time, to explain why mail did not
 * arrive.
 */
export const Refusal = Type.Object(
  {
    at: Instant('When the session was refused.'),
    seq: Type.Integer({ description: 'Seq of the store at that time.' }),
    protocol: Type.String({
      description:
        '`smtp`, `lmtp` or `api`; for a failed TLS handshake the protocol of the port, for example `imaps`.',
    }),
    handshake: Type.Boolean({ description: 'Whether the TLS handshake failed.' }),
    peer: Nullable(Type.String()),
    user: Nullable(Type.String()),
    from: Nullable(Type.String()),
    to: Type.Array(Type.String()),
    reply: Type.String({ description: 'The last refusal, as sent; for a failed TLS handshake the reason.' }),
    rule: Nullable(Type.String({ description: 'The rule that refused the session.' })),
  },
  { $id: 'Refusal' },
);
export type Refusal = Static<typeof Refusal>;

/** An open connection of any protocol. */
export const LiveConnection = Type.Object(
  {
    protocol: Type.Enum(['smtp', 'smtps', 'lmtp', 'imap', 'imaps', 'pop3', 'pop3s', 'websocket', 'sse']),
    peer: Type.String({ description: '`address:port`, or the path of a Unix socket.' }),
    since: Instant('When the connection was accepted.'),
    client: Nullable(
      Type.String({
        description: 'The client’s name: its EHLO name, IMAP ID or User-Agent.',
      }),
    ),
    user: Nullable(Type.String({ description: 'The user that is logged in.' })),
    tls: Nullable(Type.Object({ protocol: Type.String(), cipher: Type.String() })),
    state: Type.Enum(['connected', 'ready', 'envelope', 'data', 'selected', 'idle', 'streaming'], {
      description:
        '`connected`: before EHLO or a login; `ready`: waits for a command; `envelope`: has begun a message; `data`: sends ' +
        'the message; `selected`: has a mailbox open; `idle`: waits for changes of the mailbox; `streaming`: receives events.',
    }),
    about: Nullable(
      Type.String({ description: 'The current envelope, the open mailbox, or the scope of the stream.' }),
    ),
    deviations: Type.Array(Type.String(), {
      description: 'Deviations of an IMAP client from the standard that were accepted.',
    }),
    messages: Nullable(
      Type.Integer({
        description: 'Messages that it delivered or was notified of; null if they are not counted.',
      }),
    ),
  },
  { $id: 'LiveConnection' },
);
export type LiveConnection = Static<typeof LiveConnection>;

export const LiveConnections = Type.Object(
  {
    connections: Type.Array(LiveConnection, { description: 'Oldest first.' }),
  },
  { $id: 'LiveConnections' },
);
export type LiveConnections = Static<typeof LiveConnections>;

export const OpenSessions = Type.Object(
  {
    sessions: Type.Array(OpenSession, {
      description:
        'SMTP sessions that may still deliver a message to the account; all sessions without an account.',
    }),
    refused: Type.Array(Refusal, {
      description: 'Sessions that were refused or abandoned recently, oldest first.',
    }),
  },
  { $id: 'OpenSessions' },
);
export type OpenSessions = Static<typeof OpenSessions>;
