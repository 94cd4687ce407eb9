/** Schemas of the information about the running server. */
import Type, { type Static } from 'typebox';
import { Endpoint } from './accounts.ts';
import { RelayStatus } from './deliveries.ts';
import { Instant, Nullable } from './pieces.ts';

export const Info = Type.Object(
  {
    name: Type.Literal('restante'),
    version: Type.String(),
    startedAt: Instant('When this process started.'),
    startedBy: Type.Enum(['command', 'sdk'], {
      description: 'A sandbox that the SDK started ends with the program that started it.',
    }),
    endpoints: Type.Array(Endpoint),
    hosts: Type.Array(Type.String(), {
      description: 'Addresses of the listeners for other machines; empty if only this machine can connect.',
    }),
    store: Type.Object({
      location: Type.String(),
      messages: Type.Integer(),
      accounts: Type.Integer(),
      bytes: Type.Integer(),
      warnings: Type.Array(Type.String()),
    }),
    seq: Type.Integer(),
    logins: Type.Object({
      listed: Type.Boolean({ description: 'Only configured users and minted accounts can log in.' }),
      required: Type.Boolean({ description: 'SMTP requires a login.' }),
    }),
    limits: Type.Object({
      maxMessages: Type.Integer(),
      maxMessageSize: Type.Integer(),
      maxAge: Type.Integer({ description: 'Maximum age in milliseconds; 0 for no limit.' }),
      maxBytes: Type.Integer({ description: '0: no limit.' }),
    }),
    hasAuthority: Type.Boolean({
      description:
        'Whether `GET /api/ca.crt` serves a CA certificate that clients with TLS must trust (`--tls auto`).',
    }),
    relay: RelayStatus,
    application: Nullable(
      Type.String({
        description: 'The address to which `POST /api/application` sends mail, without the password.',
      }),
    ),
    sessions: Type.Object({ smtp: Type.Integer(), imap: Type.Integer(), pop3: Type.Integer() }),
    memory: Type.Integer({ description: 'Resident memory in octets.' }),
  },
  { $id: 'Info' },
);
export type Info = Static<typeof Info>;

export const TagList = Type.Object(
  {
    tags: Type.Array(Type.Object({ tag: Type.String(), messages: Type.Integer() })),
  },
  { $id: 'TagList' },
);
export type TagList = Static<typeof TagList>;
