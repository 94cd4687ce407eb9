/**
 * The format of a segment: records without anything between them. A record is a header of 64 octets and the exact
 * bytes of a message. All numbers are little-endian.
 *
 *     0   8  the octets 89 52 41 57 31 0D 0A 1A (".RAW1" and control characters)
 *     8   1  `L` for a live message; `D` for a message that was removed, or moved to another segment
 *     9   1  length of the message id
 *    10   2  zero
 *    12  32  message id, padded with zeros
 *    44   4  size of the message in octets
 *    48   4  CRC-32 of the message
 *    52   8  time of arrival in milliseconds since the epoch, as a float
 *    60   4  CRC-32 of the octets 9 to 59
 *
 * A header describes its record completely, so that messages can be restored from segments without the log. The
 * checksum does not cover the octet `L` or `D`, which is overwritten when a message is removed.
 */
import { crc32 } from 'node:zlib';
import type { MessageId } from '../ids.ts';

/** Maximum size in octets of a file that is read as a segment; the rest of a larger file is damage. */
export const LONGEST = 4 << 20;
/** Size of the header of a record in octets. */
export const HEADER = 64;
const MAGIC = Buffer.from('\x89RAW1\r\n\x1a', 'latin1');
/** Offset of the octet that says whether a message is live. */
export const STATE_AT = 8;
const LIVE = 0x4c;
export const DEAD = Buffer.from('D');
const ID_LENGTH_AT = 9;
const ID_AT = 12;
const ID_LENGTH = 32;
const SIZE_AT = 44;
const SUM_AT = 48;
const TIME_AT = 52;
const CHECK_AT = 60;

export interface RecordHeader {
  readonly id: MessageId;
  /** Size of the message in octets. */
  readonly size: number;
  /** CRC-32 of the message as a signed number. */
  readonly sum: number;
  /** Time of arrival in milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The header of a record, as it was read from a segment. */
export interface ReadHeader extends RecordHeader {
  readonly isLive: boolean;
}

const checkOf = (octets: Buffer, at: number): number =>
  crc32(octets.subarray(at + ID_LENGTH_AT, at + CHECK_AT)) | 0;

/** Writes the header of a live message to the first `HEADER` octets after `at`. */
export function writeHeader(octets: Buffer, at: number, { id, size, sum, receivedAt }: RecordHeader): void {
  MAGIC.copy(octets, at);
  octets[at + STATE_AT] = LIVE;
  octets[at + ID_LENGTH_AT] = id.length;
  octets.fill(0, at + ID_LENGTH_AT + 1, at + SIZE_AT);
  octets.write(id, at + ID_AT, 'latin1');
  octets.writeUInt32LE(size, at + SIZE_AT);
  octets.writeInt32LE(sum, at + SUM_AT);
  octets.writeDoubleLE(receivedAt, at + TIME_AT);
  octets.writeInt32LE(checkOf(octets, at), at + CHECK_AT);
}

/** Reads the header at an offset; `undefined` if there is no undamaged header. */
export function readHeader(octets: Buffer, at: number): ReadHeader | undefined {
  if (at + HEADER > octets.length) return undefined;
  if (octets.compare(MAGIC, 0, MAGIC.length, at, at + MAGIC.length) !== 0) return undefined;
  if (octets.readInt32LE(at + CHECK_AT) !== checkOf(octets, at)) return undefined;
  const length = octets[at + ID_LENGTH_AT] ?? 0;
  if (length > ID_LENGTH) return undefined;
  const id = octets.toString('latin1', at + ID_AT, at + ID_AT + length);
  if (!/^[0-9a-z]+$/.test(id)) return undefined;
  return {
    id: id as MessageId,
    size: octets.readUInt32LE(at + SIZE_AT),
    sum: octets.readInt32LE(at + SUM_AT),
    receivedAt: octets.readDoubleLE(at + TIME_AT),
    isLive: octets[at + STATE_AT] === LIVE,
  };
}

/** Returns the offset of the first undamaged header from `from` on; `to` if there is none before `to`. */
export function nextHeader(octets: Buffer, from: number, to: number): number {
  for (let at = octets.indexOf(MAGIC, from); at !== -1 && at < to; at = octets.indexOf(MAGIC, at + 1)) {
    if (readHeader(octets, at) !== undefined) return at;
  }
  return to;
}

/** Whether the octets can be the beginning of a record whose remaining octets are missing. */
export const beginsRecord = (octets: Buffer): boolean =>
  octets.length > 0 &&
  octets.compare(
    MAGIC,
    0,
    Math.min(MAGIC.length, octets.length),
    0,
    Math.min(MAGIC.length, octets.length),
  ) === 0;
