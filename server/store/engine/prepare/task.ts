/**
 * The types for preparing a message in a thread: the input of the thread, and the message that is ready to be
 * committed.
 */
import type { MessageSummary } from '../../store.ts';
import type { DetailText } from '../../model/entry.ts';

/** The place where a thread writes the bytes of messages. */
export interface ThreadWorld {
  /**
   * The data directory whose `raw` folder the bytes are written to; `null` for a store in memory, which stores them
   * itself.
   */
  readonly directory: string | null;
  readonly fsync: boolean;
}

export interface Prepared {
  /** Summary of the message; its strings are copies that do not keep the bytes of the message in memory. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the bytes, as a signed number. */
  readonly sum: number;
  /** Signature for the search index, if a thread read the message. */
  readonly signature?: Uint16Array;
}
