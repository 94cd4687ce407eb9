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
  peer: Nullable(Type.String()),
  user: Nullable(Type.String()),
  from: Nullable(Type.String()),
  to: Type.Array(Type.String()),
  reply: Type.String({ description: 'The last refusal, as sent.' }),
  rule: Nullable(Type.String({ description: 'The rule that made it so.' })),
});
export type Refusal = Static<typeof Refusal>;

export const OpenSessions = Type.Object({
  sessions: Type.Array(OpenSession, {
    description: 'SMTP sessions that may still bring the account a message; all without an account.',
  }),
  refused: Type.Array(Refusal, { description: 'Refused or abandoned lately, oldest first.' }),
});
export type OpenSessions = Static<typeof OpenSessions>;
