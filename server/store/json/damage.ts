/**
 * Detects damaged message files: files that are missing, or differ from the received message. A repair
 * accepts such a loss by adding a note to the message.
 */
import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../model/mail.ts';
import { isAsReceived } from '../raw/as-received.ts';

/** Key of the note by which a repair records that the bytes of a message are lost or changed. */
export const DAMAGE = 'damage';

export interface DamageNote {
  readonly found: 'missing' | 'changed';
  /** Size of the remaining file in octets, and the CRC-32 of its content (signed); both are 0 if no file remains. */
  readonly size: number;
  readonly sum: number;
}

type Received = Pick<MessageRecord, 'size' | 'sum'>;

/** Returns the damage of a message's bytes; `null` for an undamaged message. */
export function damageOf(received: Received, raw: Buffer | undefined): DamageNote | null {
  if (raw === undefined) return { found: 'missing', size: 0, sum: 0 };
  if (isAsReceived(received, raw)) return null;
  return { found: 'changed', size: raw.length, sum: crc32(raw) | 0 };
}

/**
 * Returns whether a note, which an earlier repair added, describes exactly this damage. If so, the loss was
 * already accepted.
 */
export function isAccepted(damage: DamageNote, note: unknown): boolean {
  const { found, size, sum } = (note ?? {}) as Partial<DamageNote>;
  return found === damage.found && size === damage.size && sum === damage.sum;
}
