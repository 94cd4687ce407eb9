/**
 * Page cursors of message lists. A cursor contains the UID of the last message on a page, so that the cursor
 * stays valid when messages are added or removed.
 */
import type { Uid } from '../../ids.ts';
import { StoreError } from '../../store.ts';

export const formatCursor = (uidValidity: number, uid: Uid): string =>
  `${uidValidity.toString(36)}-${uid.toString(36)}`;

/**
 * Returns the UID after which the next page starts. Returns `undefined` if the INBOX of the cursor no longer
 * exists; the list must then start again.
 */
export function parseCursor(cursor: string, uidValidity: number): Uid | undefined {
  const match = /^([0-9a-z]{1,8})-([0-9a-z]{1,8})$/.exec(cursor);
  if (match === null)
    throw new StoreError('invalid-cursor', 'Invalid cursor: pass `next` of the page before, unchanged');
  const [, validity = '', uid = ''] = match;
  return parseInt(validity, 36) === uidValidity ? (parseInt(uid, 36) as Uid) : undefined;
}
