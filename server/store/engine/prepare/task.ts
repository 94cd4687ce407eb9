/**
 * Types for preparing a message in a worker thread: the input of the thread, and its result, a message that
 * is ready to be committed.
 */
import type { RawPlace } from '../../position.ts';
import type { MessageSummary } from '../../store.ts';
import type { DetailText } from '../../model/entry.ts';

/** The storage to which a worker thread writes the bytes of messages. */
export interface ThreadWorld {
  /**
   * The data directory in whose `raw` folder the worker thread writes the bytes; `null` for a store in
   * memory, for which the thread writes nothing.
   */
  readonly directory: string | null;
  readonly fsync: boolean;
}

/** A message that was read. */
export interface ReadResult {
  /** Summary of the message; its strings are copies that do not keep the text of the whole message in memory. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the message's bytes, as a signed number. */
  readonly sum: number;
}

/** A message that was read and whose bytes are stored. */
export interface Prepared extends ReadResult {
  readonly raw: RawPlace;
}
