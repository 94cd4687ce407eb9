/**
 * What the thread that prepares messages is asked and answers, batch by batch. To pass on an object costs more than to
 * make a message's line of it, so a batch is one text and one run of octets each way.
 */
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
  /** Octets of the message. */
  readonly size: number;
}

export interface TaskBatch {
  /** Given back with the answers: a batch with a large message may be overtaken. */
  readonly number: number;
  /** `PrepareTask[]` as JSON. */
  readonly tasks: string;
  /** The messages, one behind the other. */
  readonly octets: Uint8Array;
}

/** `null` for a message that could not be prepared: whoever asked tries for itself and meets the reason. */
export type PrepareAnswer = {
  /** A summary without its seq, as JSON. */
  readonly summary: string;
  readonly detail: DetailText;
  readonly signature: Uint16Array;
} | null;

export interface AnswerBatch {
  readonly number: number;
  readonly answers: readonly (readonly [summary: string, detail: DetailText, columns: number] | null)[];
  /** The signatures, one behind the other. */
  readonly columns: Uint16Array<ArrayBuffer>;
}
