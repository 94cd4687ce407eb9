/** One message as the state holds it: what changes it and what finds it. Its summary is with the journal. */
import { ALL, type MessageId, type Seq } from '../ids.ts';
import type { PlacementState } from './placement.ts';
import type { StoredSummary } from './stored-summary.ts';

/** Where an entry stands in the log; what it means is the journal's affair. */
export interface Position {
  readonly offset: number;
  readonly length: number;
}

export const NOWHERE: Position = { offset: 0, length: 0 };

/** Where the log has a note that came after the message. */
export interface NotePosition extends Position {
  readonly key: string;
}

const NONE: readonly never[] = Object.freeze([]);

export class MessageRecord {
  readonly id: MessageId;
  readonly seq: Seq;
  readonly receivedAt: number;
  readonly size: number;
  /** CRC-32 of its bytes, signed; `null` where an earlier version stored it. */
  readonly sum: number | null;
  /** Replaced, never changed: snapshots of it are with callers. The same goes for `places` and `notes`. */
  tags: readonly string[];
  places: readonly PlacementState[] = NONE;
  readonly storedAt: number;
  offset: number;
  length: number;
  notes: readonly NotePosition[] = NONE;

  constructor(message: StoredSummary, tags: readonly string[], storedAt: number, position: Position) {
    this.id = message.id;
    this.seq = message.seq;
    this.receivedAt = message.receivedAt;
    this.size = message.size;
    this.sum = message.sum ?? null;
    this.tags = tags;
    this.storedAt = storedAt;
    this.offset = position.offset;
    this.length = position.length;
  }

  /** How many of its placements are in `all`. */
  get inAll(): number {
    let count = 0;
    for (const place of this.places) if (place.mailbox.account.name === ALL) count++;
    return count;
  }
}
