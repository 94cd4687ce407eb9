/** What the thread that prepares messages is asked and answers. */
import type { MessageSummary } from '../store.ts';
import type { MessageId } from '../ids.ts';
import type { DetailText } from '../state/entry.ts';
import type { NewEnvelope } from './read-message.ts';

/** What a thread is started with. */
export interface ThreadWorld {
  /** The data directory whose `raw` bytes are written to; `null` for a store in memory, which keeps them itself. */
  readonly directory: string | null;
  readonly fsync: boolean;
}

export interface PrepareTask {
  readonly id: MessageId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly message: NewEnvelope;
  /** The thread's own: it is given away. */
  readonly raw: Uint8Array<ArrayBuffer>;
}

export interface Prepared {
  /** Its strings are its own: none keeps the bytes of the message alive. */
  readonly summary: Omit<MessageSummary, 'seq'>;
  readonly detail: DetailText;
  /** CRC-32 of the bytes, as a signed number. */
  readonly sum: number;
  /** For the search index, where it was made on the way. */
  readonly signature?: Uint16Array;
}

export interface PrepareAnswer {
  readonly id: MessageId;
  /** `null` for a message that could not be prepared: whoever asked tries for itself and meets the reason. */
  readonly prepared: Prepared | null;
}
