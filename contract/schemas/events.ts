/** The event stream. */
import Type, { type Static } from 'typebox';
import { Summary } from './messages.ts';
import { account, query } from './requests.ts';

/** What the stream says. `seq` is also the SSE event id: reconnect with it and nothing is missed. */
export const Event = Type.Union(
  [
    Type.Object({
      type: Type.Literal('message'),
      seq: Type.Integer(),
      account: Type.String(),
      message: Summary,
    }),
    Type.Object({
      type: Type.Literal('updated'),
      seq: Type.Integer(),
      account: Type.String(),
      message: Summary,
    }),
    Type.Object({
      type: Type.Literal('removed'),
      seq: Type.Integer(),
      account: Type.String(),
      id: Type.String(),
    }),
    Type.Object({
      type: Type.Enum(['account-added', 'account-changed', 'account-removed']),
      seq: Type.Integer(),
      account: Type.String(),
    }),
    Type.Object({
      type: Type.Literal('record'),
      seq: Type.Integer(),
      collection: Type.String(),
      key: Type.String(),
    }),
    Type.Object({
      type: Type.Literal('hello'),
      seq: Type.Integer(),
      gap: Type.Boolean({ description: 'The feed no longer reaches back to `since`: load lists afresh.' }),
    }),
  ],
  { $id: 'Event' },
);
export type Event = Static<typeof Event>;

export const EventsQuery = Type.Object({
  account,
  query,
  since: Type.Optional(Type.Integer({ minimum: 0, description: 'Resume after this seq; now when absent.' })),
});
export type EventsQuery = Static<typeof EventsQuery>;
