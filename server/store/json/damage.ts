/**
 * Damage of message files: files that are missing or differ from the received message, and the note by which a
 * repair accepts a damage.
 */
import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../model/mail.ts';

/** Key of the note on a message whose bytes are partly or completely lost. */
export const DAMAGE = 'damage';

export interface DamageNote {
  readonly found: 'missing' | 'changed';
  /** Size of the remaining file in octets, and the CRC-32 of its content (signed); both are 0 if no file remains. */
  readonly size: number;
  readonly sum: number;
}

type Received = Pick<MessageRecord, 'size' | 'sum'>;

/**
 * Whether a message's bytes are the received bytes. For a message without a checksum (from an earlier version),
 * only the size is compared.
 */
export const isAsReceived = ({ size, sum }: Received, raw: Buffer): boolean =>
  raw.length === size && (sum === null || (crc32(raw) | 0) === sum);

/** Returns the damage of a message's bytes; `null` for an undamaged message. */
export function damageOf(received: Received, raw: Buffer | undefined): DamageNote | null {
  if (raw === undefined) return { found: 'missing', size: 0, sum: 0 };
  if (isAsReceived(received, raw)) return null;
  return { found: 'changed', size: raw.length, sum: crc32(raw) | 0 };
}

/** Whether the note, by which an earlier repair accepted a damage, describes exactly this damage. */
export function isAccepted(damage: DamageNote, note: unknown): boolean {
  const { found, size, sum } = (note ?? {}) as Partial<DamageNote>;
  return found === damage.found && size === damage.size && sum === damage.sum;
}
