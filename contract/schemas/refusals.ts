/** Releases that the relay refuses. */
import { refusalCodes } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant } from './pieces.ts';

/** Why nothing of a release is sent. */
export const RefusalReason = Type.Enum(refusalCodes);
export type RefusalReason = Static<typeof RefusalReason>;

/** A refused release that a rule had started. */
export const RefusedRelay = Type.Object({
  at: Instant('When.'),
  code: RefusalReason,
  reason: Type.String(),
});
export type RefusedRelay = Static<typeof RefusedRelay>;
