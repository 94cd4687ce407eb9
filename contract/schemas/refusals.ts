/** What the relay refuses, and why. */
import { refusalCodes } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant } from './pieces.ts';

/** Why nothing of a release leaves. */
export const RefusalReason = Type.Enum(refusalCodes);
export type RefusalReason = Static<typeof RefusalReason>;

/** A rule asked for a release that was refused. */
export const RefusedRelay = Type.Object({
  at: Instant('When.'),
  code: RefusalReason,
  reason: Type.String(),
});
export type RefusedRelay = Static<typeof RefusedRelay>;
