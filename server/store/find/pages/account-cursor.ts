/** Page cursors of account lists. A cursor contains the name and the creation time of the page's last account. */
import { StoreError } from '../../store.ts';

export interface AccountPosition {
  /** Creation time of the account, as `AccountState.since`, in milliseconds since the epoch. */
  readonly since: number;
  readonly name: string;
}

/** Returns the cursor of the page that begins after an account. */
export const cursorOf = ({ since, name }: AccountPosition): string =>
  `${since.toString(36)}-${Buffer.from(name).toString('base64url')}`;

/** Returns the account of a cursor. Throws `StoreError('invalid-cursor')`. */
export function parseCursor(cursor: string): AccountPosition {
  const [, since = '', name = ''] = /^([0-9a-z]{1,10})-([\w-]+)$/.exec(cursor) ?? [];
  if (since === '') {
    throw new StoreError('invalid-cursor', 'Invalid cursor: pass `next` of the page before, unchanged');
  }
  return { since: parseInt(since, 36), name: Buffer.from(name, 'base64url').toString() };
}
