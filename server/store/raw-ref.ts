/** The data by which the bytes of messages are stored, found and verified. */
import type { MessageId } from './ids.ts';
import type { RawPlace } from './position.ts';

/** A new message whose bytes are to be stored. */
export interface NewRaw {
  readonly id: MessageId;
  readonly raw: Buffer;
  /** CRC-32 of the bytes as a signed number. */
  readonly sum: number;
  /** Time of arrival in milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The data by which the bytes of a stored message are found and verified. */
export interface RawRef {
  readonly id: MessageId;
  /** Size of the received message in octets. */
  readonly size: number;
  /** CRC-32 of the received message as a signed number; `null` for a message that an earlier version stored. */
  readonly sum: number | null;
  readonly raw: RawPlace;
}
