/** What the relay refuses, and why. */
import Type, { type Static } from 'typebox';
import { Instant } from './pieces.ts';

/** Why nothing of a release leaves. */
export const RefusalReason = Type.Enum([
  'off',
  'manual-only',
  'not-allowed',
  'denied',
  'bad-address',
  'no-recipients',
  'ceiling',
  'loop',
  'automatic',
  'not-found',
]);
export type RefusalReason = Static<typeof RefusalReason>;

/** A rule asked for a release that was refused. */
export const RefusedRelay = Type.Object({
  at: Instant('When.'),
  code: RefusalReason,
  reason: Type.String(),
});
export type RefusedRelay = Static<typeof RefusedRelay>;
