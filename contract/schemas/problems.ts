/** Schemas of problem documents (RFC 9457). */
import Type, { type Static } from 'typebox';
import { Summary } from './messages.ts';
import { RefusalReason } from './refusals.ts';
import { Refusal } from './sessions.ts';

/** A problem document (RFC 9457). Its members beyond the standard members depend on `type`. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Type of the problem, `urn:restante:…`; stable between versions.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    /**
     * The command-line option of the server that would allow the refused request; only in problem documents of
     * the types `origin` and `host`.
     */
    option: Type.Optional(Type.String({ description: 'The option of the server that allows the request.' })),
    /**
     * The position of the syntax error in the query; only in the problem document for a query that cannot be
     * parsed.
     */
    position: Type.Optional(Type.Integer({ description: 'Offset of the error in the query, from 0.' })),
    /**
     * The invalid values of the request: the path of each value and the reason; only in the problem document
     * for an invalid request.
     */
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    /**
     * The reason and the refused recipients; only in the problem document for a message that the relay refuses
     * to send.
     */
    code: Type.Optional(RefusalReason),
    recipients: Type.Optional(
      Type.Array(Type.Object({ to: Type.String(), code: RefusalReason, reason: Type.String() })),
    ),
  },
  {
    $id: 'Problem',
    examples: [
      {
        type: 'urn:restante:query',
        title: 'The query cannot be parsed',
        status: 400,
        detail: 'There is no field "form"; did you mean from?',
        position: 0,
      },
    ],
  },
);
export type Problem = Static<typeof Problem>;

export const Near = Type.Object(
  {
    message: Summary,
    failed: Type.Array(
      Type.Object({
        term: Type.String({ description: 'The part of the query that the message does not match.' }),
        found: Type.String({ description: 'The value in the message.' }),
      }),
    ),
  },
  { $id: 'Near' },
);
export type Near = Static<typeof Near>;

/** The problem document of a call that waited for mail and timed out. */
export const WaitTimeout = Type.Intersect(
  [
    Problem,
    Type.Object({
      query: Type.String(),
      account: Type.String(),
      after: Type.Integer(),
      seq: Type.Integer({ description: 'Seq of the store at the deadline.' }),
      arrived: Type.Array(Near, {
        description: 'Messages that arrived in the account, the nearest to a match first.',
      }),
      elsewhere: Type.Array(
        Type.Object({
          account: Type.String(),
          message: Summary,
        }),
        { description: 'Messages that arrived in other accounts during the wait.' },
      ),
      refused: Type.Array(Refusal),
    }),
  ],
  { $id: 'WaitTimeout' },
);
export type WaitTimeout = Static<typeof WaitTimeout>;
