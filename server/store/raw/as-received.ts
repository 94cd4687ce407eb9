/** Compares the bytes of a message with its checksum. */
import { crc32 } from 'node:zlib';
import type { RawRef } from '../raw-ref.ts';

/**
 * Whether a message's bytes are the received bytes. For a message without a checksum (from an earlier version),
 * only the size is compared.
 */
export const isAsReceived = ({ size, sum }: Pick<RawRef, 'size' | 'sum'>, raw: Buffer): boolean =>
  raw.length === size && (sum === null || (crc32(raw) | 0) === sum);
