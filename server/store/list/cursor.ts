/** Page cursors: the UID of the last row in its INBOX, which neither arrivals nor removals move. */
import type { Uid } from '../ids.ts';
import { StoreError } from '../store.ts';

export const formatCursor = (uidValidity: number, uid: Uid): string =>
  `${uidValidity.toString(36)}-${uid.toString(36)}`;

/** The UID to go on from; `undefined` when the cursor is of an INBOX that is gone: the list begins anew. */
export function parseCursor(cursor: string, uidValidity: number): Uid | undefined {
  const match = /^([0-9a-z]{1,8})-([0-9a-z]{1,8})$/.exec(cursor);
  if (match === null) throw new StoreError('invalid-cursor', 'That is no cursor of a page');
  const [, validity = '', uid = ''] = match;
  return parseInt(validity, 36) === uidValidity ? (parseInt(uid, 36) as Uid) : undefined;
}
