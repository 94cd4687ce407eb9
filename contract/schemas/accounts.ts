/** Schemas of accounts, and of the addresses of the servers. */
import { protocols } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant, Nullable } from './pieces.ts';

export const Account = Type.Object(
  {
    name: Type.String(),
    minted: Type.Boolean(),
    hasPassword: Type.Boolean({ description: 'Whether only the password of the account is accepted.' }),
    createdAt: Instant('When the account was created.'),
    messages: Type.Integer(),
    unread: Type.Integer(),
  },
  { $id: 'Account' },
);
export type Account = Static<typeof Account>;

export const Endpoint = Type.Object(
  {
    protocol: Type.Enum(protocols),
    host: Type.String({ description: 'A host, or the path of a Unix socket with the port 0.' }),
    port: Type.Integer(),
    tls: Type.Enum(['none', 'starttls', 'implicit']),
    url: Type.String(),
  },
  { $id: 'Endpoint' },
);
export type Endpoint = Static<typeof Endpoint>;

export const MintAccount = Type.Object(
  {
    address: Type.Optional(Type.String({ description: 'Address of the account; generated if absent.' })),
    password: Type.Optional(Type.String({ minLength: 1 })),
    name: Type.Optional(
      Type.String({
        maxLength: 64,
        description: 'A name that a generated address contains, for the reader.',
      }),
    ),
  },
  {
    $id: 'MintAccount',
    additionalProperties: false,
    examples: [{ name: 'sign-up' }],
  },
);
export type MintAccount = Static<typeof MintAccount>;

export const AccountPassword = Type.Object(
  {
    password: Type.Union([Type.String({ minLength: 1 }), Type.Null()], {
      description: 'The new password; null accepts any password, unless logins are configured.',
    }),
  },
  { $id: 'AccountPassword', additionalProperties: false, examples: [{ password: 's3cret' }] },
);
export type AccountPassword = Static<typeof AccountPassword>;

export const MintedAccount = Type.Intersect(
  [
    Account,
    Type.Object({
      address: Type.String({ description: 'The address, as it was given or generated.' }),
      password: Type.String(),
      seq: Type.Integer({ description: 'The seq after which to wait for mail.' }),
      endpoints: Type.Array(Endpoint),
    }),
  ],
  { $id: 'MintedAccount' },
);
export type MintedAccount = Static<typeof MintedAccount>;

export const AccountsQuery = Type.Object({
  name: Type.Optional(Type.String({ description: 'Part of the name; upper and lower case are the same.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 1000 })),
  cursor: Type.Optional(Type.String({ description: '`next` of the previous page.' })),
});
export type AccountsQuery = Static<typeof AccountsQuery>;

export const AccountList = Type.Object(
  {
    accounts: Type.Array(Account),
    total: Type.Integer({ description: 'Number of matches on all pages.' }),
    next: Nullable(Type.String({ description: '`cursor` of the next page; null on the last page.' })),
  },
  { $id: 'AccountList' },
);
export type AccountList = Static<typeof AccountList>;
