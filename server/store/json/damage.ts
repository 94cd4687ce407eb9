/**
 * Detects damaged message files: files that are missing, or differ from the received message. A repair
 * accepts such a loss by adding a note to the message.
 */
import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../model/mail.ts';

/** Key of the note by which a repair records that the bytes of a message are lost or changed. */
export const DAMAGE = 'damage';

export interface DamageNote {
  readonly found: 'missing' | 'changed';
  /** Size of the remaining file in octets, and the CRC-32 of its content (signed); both are 0 if no file remains. */
  readonly size: number;
  readonly sum: number;
}

type Received = Pick<MessageRecord, 'size' | 'sum'>;

/**
 * Returns whether the bytes of a message are those that were received. Size and checksum are compared; only
 * the size, if an earlier version stored the message without a checksum.
 */
export const isAsReceived = ({ size, sum }: Received, raw: Buffer): boolean =>
  raw.length === size && (sum === null || (crc32(raw) | 0) === sum);

/** Returns a description of the damage of a message's bytes; `null` if the bytes are undamaged. */
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
