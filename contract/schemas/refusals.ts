/** Schemas of the releases that the relay refuses. */
import { refusalCodes } from '../names.ts';
import Type, { type Static } from 'typebox';
import { Instant } from './pieces.ts';

/** The reason for which the relay refuses a release (the request to send a captured message) as a whole. */
export const RefusalReason = Type.Enum(refusalCodes, { $id: 'RefusalReason' });
export type RefusalReason = Static<typeof RefusalReason>;

/** The relay's refusal to send a message that a rule released. */
export const RefusedRelay = Type.Object(
  {
    at: Instant('When.'),
    code: RefusalReason,
    reason: Type.String(),
  },
  { $id: 'RefusedRelay' },
);
export type RefusedRelay = Static<typeof RefusedRelay>;
