/** A message that is read and ready to be committed, and what a thread needs to make it so. */
import type { MessageSummary } from '../store.ts';
import type { DetailText } from '../state/entry.ts';

/** Where a thread writes the bytes of messages. */
export interface ThreadWorld {
  /** The data directory whose `raw` bytes are written to; `null` for a store in memory, which keeps them itself. */
  readonly directory: string | null;
  readonly fsync: boolean;
}

export interface Prepared {
  /** Its strings are its own: none keeps the bytes of the message alive. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the bytes, as a signed number. */
  readonly sum: number;
  /** For the search index, where the message has been read in a thread. */
  readonly signature?: Uint16Array;
}
