/** Problem documents (RFC 9457). */
import Type, { type Static } from 'typebox';
import { Summary } from './messages.ts';
import { RefusalReason } from './refusals.ts';
import { Refusal } from './sessions.ts';

/** RFC 9457 problem document; members beyond the standard ones depend on `type`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: '`urn:restante:…`, stable.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    /** For a page or a name that is refused. */
    option: Type.Optional(Type.String({ description: 'The option of the server that would allow it.' })),
    /** For a query that cannot be parsed. */
    position: Type.Optional(Type.Integer({ description: 'Where in the query, from 0.' })),
    /** For a request that does not validate. */
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    /** For a release that is refused: why, and which recipients it is about. */
    code: Type.Optional(RefusalReason),
    recipients: Type.Optional(
      Type.Array(Type.Object({ to: Type.String(), code: RefusalReason, reason: Type.String() })),
    ),
  },
  { $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;

export const Near = Type.Object({
  message: Summary,
  failed: Type.Array(
    Type.Object({
      term: Type.String({ description: 'The part of the query it failed.' }),
      found: Type.String({ description: 'What it has instead.' }),
    }),
  ),
});
export type Near = Static<typeof Near>;

/** The problem that a wait ends with when its time is up. */
export const WaitTimeout = Type.Object({
  ...Problem.properties,
  query: Type.String(),
  account: Type.String(),
  after: Type.Integer(),
  seq: Type.Integer({ description: 'Seq of the store at the deadline.' }),
  arrived: Type.Array(Near, { description: 'What did arrive in the account, nearest first.' }),
  elsewhere: Type.Array(
    Type.Object({
      account: Type.String(),
      message: Summary,
    }),
    { description: 'What arrived in other accounts meanwhile.' },
  ),
  refused: Type.Array(Refusal),
});
export type WaitTimeout = Static<typeof WaitTimeout>;
