/** Schemas of the event stream. */
import Type, { type Static } from 'typebox';
import { Summary } from './messages.ts';
import { account, query } from './requests.ts';

/**
 * An event of the event stream. Its `seq` is also the id of the server-sent event: a client that reconnects
 * with this id misses no event.
 */
export const Event = Type.Union(
  [
    Type.Object(
      {
        type: Type.Literal('message'),
        seq: Type.Integer(),
        account: Type.String(),
        message: Summary,
      },
      { $id: 'MessageEvent' },
    ),
    Type.Object(
      {
        type: Type.Literal('updated'),
        seq: Type.Integer(),
        account: Type.String(),
        message: Summary,
      },
      { $id: 'UpdatedEvent' },
    ),
    Type.Object(
      {
        type: Type.Literal('removed'),
        seq: Type.Integer(),
        account: Type.String(),
        id: Type.String(),
      },
      { $id: 'RemovedEvent' },
    ),
    Type.Object(
      {
        type: Type.Enum(['account-added', 'account-changed', 'account-removed']),
        seq: Type.Integer(),
        account: Type.String(),
      },
      {
        $id: 'AccountEvent',
        description:
          'An account was created, changed or removed. In the stream of `all` without a query, `account-changed` also reports that the numbers of messages or unread messages of another account may have changed.',
      },
    ),
    Type.Object(
      {
        type: Type.Literal('record'),
        seq: Type.Integer(),
        collection: Type.String(),
        key: Type.String(),
      },
      { $id: 'RecordEvent' },
    ),
    Type.Object(
      {
        type: Type.Literal('hello'),
        seq: Type.Integer(),
        gap: Type.Boolean({ description: 'Events after `since` are lost: load the lists again.' }),
      },
      { $id: 'HelloEvent' },
    ),
  ],
  { $id: 'Event' },
);
export type Event = Static<typeof Event>;

export const EventsQuery = Type.Object({
  account,
  query,
  since: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Begin after this seq; by default with new events only.' }),
  ),
});
export type EventsQuery = Static<typeof EventsQuery>;
