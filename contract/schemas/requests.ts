/**
 * Schemas of the parameters and bodies of the API calls for messages: the account and query, waits for mail,
 * marks, and mail to compose.
 */
import Type, { type Static } from 'typebox';
import { Address } from './messages.ts';
import { Nullable } from './pieces.ts';

export const account = Type.Optional(
  Type.String({ description: 'Account; by default `all`.', examples: ['ann@example.test'] }),
);
export const query = Type.Optional(
  Type.String({
    description: 'A query in the query language (see the documentation).',
    examples: ['subject:confirm'],
  }),
);
const after = Type.Optional(
  Type.Integer({
    minimum: 0,
    description:
      'Only messages after this seq. A seq that the store has not reached is from an earlier store, so all messages count.',
  }),
);

export const ListQuery = Type.Object({
  account,
  query,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
  cursor: Type.Optional(Type.String()),
  after,
  exact: Type.Optional(Type.Boolean({ description: 'Count all matches, so that `total` is exact.' })),
});
export type ListQuery = Static<typeof ListQuery>;

export const MAX_WAIT = 300_000;
export const WaitQuery = Type.Object({
  account,
  query,
  after,
  reportAfter: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'On timeout, report messages that arrived after this seq; by default `after`.',
    }),
  ),
  waited: Type.Optional(
    Type.Integer({
      minimum: 0,
      description: 'Milliseconds that earlier requests of the same wait took.',
    }),
  ),
  timeout: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_WAIT, default: 10_000, description: 'Milliseconds.' }),
  ),
});
export type WaitQuery = Static<typeof WaitQuery>;

export const ScopeQuery = Type.Object({ account, query });
export type ScopeQuery = Static<typeof ScopeQuery>;

export const AccountQuery = Type.Object({ account });
export type AccountQuery = Static<typeof AccountQuery>;

export const DeleteQuery = Type.Object({ account, query, all: Type.Optional(Type.Boolean()) });
export type DeleteQuery = Static<typeof DeleteQuery>;

const undo = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 600,
    description:
      'Keep the deleted messages for this number of seconds: the response has a token for `POST /api/undo/{token}`.',
  }),
);
export const RemoveQuery = Type.Object({ ...ScopeQuery.properties, undo });
export const RemoveMatchingQuery = Type.Object({ ...DeleteQuery.properties, undo });
export type RemoveMatchingQuery = Static<typeof RemoveMatchingQuery>;

const TagNames = Type.Array(Type.String({ minLength: 1, maxLength: 100 }), {
  $id: 'TagNames',
  maxItems: 100,
});

/** The changes of one message, or of each of several messages. */
export const Marks = Type.Object(
  {
    seen: Type.Optional(Type.Boolean()),
    flagged: Type.Optional(Type.Boolean()),
    tags: Type.Optional(TagNames),
    addTags: Type.Optional(TagNames),
    removeTags: Type.Optional(TagNames),
  },
  { $id: 'Marks', additionalProperties: false, minProperties: 1, examples: [{ seen: true, tags: ['kept'] }] },
);
export type Marks = Static<typeof Marks>;

const AddressInput = Type.Union([Type.String({ description: '`a@b` or `Name <a@b>`.' }), Address], {
  $id: 'AddressInput',
});
const AddressesInput = Type.Union([AddressInput, Type.Array(AddressInput), Type.Null()], {
  $id: 'AddressesInput',
  description: 'An address, or a list of addresses.',
});

export const Compose = Type.Object(
  {
    from: AddressInput,
    to: Type.Optional(AddressesInput),
    cc: Type.Optional(AddressesInput),
    bcc: Type.Optional(AddressesInput),
    replyTo: Type.Optional(AddressesInput),
    subject: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    html: Type.Optional(Type.String()),
    inReplyTo: Type.Optional(Type.String()),
    references: Type.Optional(Type.Array(Type.String())),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    attachments: Type.Optional(
      Type.Array(
        Type.Object(
          {
            filename: Type.String(),
            content: Type.String({ description: 'Base64.' }),
            type: Type.Optional(Type.String()),
            contentId: Type.Optional(Type.String()),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    envelope: Type.Optional(
      Type.Object(
        { from: Type.Optional(Type.String()), to: Type.Optional(Type.Array(Type.String())) },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Compose',
    additionalProperties: false,
    examples: [
      {
        from: 'Shop <shop@example.test>',
        to: ['ann@example.test'],
        subject: 'Hello',
        text: 'Your code is 482913',
      },
    ],
  },
);
export type Compose = Static<typeof Compose>;

export const SubmitQuery = Type.Object({
  from: Type.Optional(Type.String({ description: 'Reverse-path; by default from the header fields.' })),
  to: Type.Optional(
    Type.String({ description: 'Recipients, separated by commas; by default from the header fields.' }),
  ),
});
export type SubmitQuery = Static<typeof SubmitQuery>;

export const Captured = Type.Object(
  {
    id: Nullable(Type.String({ description: 'Null if a rule discarded the message.' })),
    reply: Type.String({ description: 'The SMTP reply.' }),
    rejected: Type.Array(Type.Object({ to: Type.String(), reply: Type.String() }), {
      description: 'Recipients that a rule refused while others were accepted.',
    }),
  },
  {
    $id: 'Captured',
    examples: [{ id: '0mwwguy5o000qdpz', reply: '250 2.0.0 OK', rejected: [] }],
  },
);
export type Captured = Static<typeof Captured>;

export const HandedOver = Type.Object(
  {
    reply: Type.String({ description: 'The reply of the application.' }),
    rejected: Type.Array(Type.Object({ to: Type.String(), reply: Type.String() }), {
      description: 'Recipients that the application refused while it accepted others.',
    }),
  },
  { $id: 'HandedOver' },
);
export type HandedOver = Static<typeof HandedOver>;

export const BulkOutcome = Type.Object(
  { count: Type.Integer({ description: 'Number of affected items.' }) },
  { $id: 'BulkOutcome', examples: [{ count: 2 }] },
);
export type BulkOutcome = Static<typeof BulkOutcome>;

export const DeletionOutcome = Type.Object(
  {
    ...BulkOutcome.properties,
    undo: Type.Optional(
      Nullable(
        Type.String({
          description:
            'The token for `POST /api/undo/{token}`, if the request has `undo`; null if the messages are too large to be kept.',
        }),
      ),
    ),
  },
  { $id: 'DeletionOutcome', examples: [{ count: 2 }] },
);
export type DeletionOutcome = Static<typeof DeletionOutcome>;

export const UndoOutcome = Type.Object(
  {
    restored: Type.Array(
      Type.Object({
        id: Type.String({ description: 'Id of the restored message.' }),
        was: Type.String({ description: 'Id of the message before its deletion.' }),
      }),
    ),
  },
  { $id: 'UndoOutcome', examples: [{ restored: [{ id: '0mx3cip0u000ch5a', was: '0mx3cioyn000wghf' }] }] },
);
export type UndoOutcome = Static<typeof UndoOutcome>;
