/** Files of messages that are missing, or not as they were received, and the note by which a repair accepts that. */
import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../state/mail.ts';

/** Key of the note on a message whose bytes are lost in part or as a whole. */
export const DAMAGE = 'damage';

export interface DamageNote {
  readonly found: 'missing' | 'changed';
  /** Octets and CRC-32 (signed) of what is left; 0 where nothing is. */
  readonly size: number;
  readonly sum: number;
}

type Received = Pick<MessageRecord, 'size' | 'sum'>;

/** As far as can be seen: earlier versions kept no checksum. */
export const isAsReceived = ({ size, sum }: Received, raw: Buffer): boolean =>
  raw.length === size && (sum === null || (crc32(raw) | 0) === sum);

/** What is wrong with the bytes of a message; `null` when nothing is. */
export function damageOf(received: Received, raw: Buffer | undefined): DamageNote | null {
  if (raw === undefined) return { found: 'missing', size: 0, sum: 0 };
  if (isAsReceived(received, raw)) return null;
  return { found: 'changed', size: raw.length, sum: crc32(raw) | 0 };
}

/** Whether a note tells of the same damage. */
export function isAccepted(damage: DamageNote, note: unknown): boolean {
  const { found, size, sum } = (note ?? {}) as Partial<DamageNote>;
  return found === damage.found && size === damage.size && sum === damage.sum;
}
