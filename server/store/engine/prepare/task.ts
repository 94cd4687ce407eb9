/**
 * The types for preparing a message in a thread: the input of the thread, and the message that is ready to be
 * committed.
 */
import type { MessageSummary } from '../../store.ts';
import type { DetailText } from '../../model/entry.ts';

/** The storage to which a worker thread writes the bytes of messages. */
export interface ThreadWorld {
  /**
   * The data directory whose `raw` folder receives the bytes; `null` for a store in memory, which stores the
   * bytes itself.
   */
  readonly directory: string | null;
  readonly fsync: boolean;
}

export interface Prepared {
  /** Summary of the message; its strings are copies that do not keep the text of the whole message in memory. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the message's bytes, as a signed number. */
  readonly sum: number;
}
