/**
 * The journal stores the changes that the engine commits. The store in memory and the store on disk differ
 * only in their journal. The engine plans a change, the journal writes it, and the state in memory applies
 * it.
 */
import type { MessageId } from '../ids.ts';
import type { RawTarget } from './prepare/preparer.ts';
import type { Entry, MessageDetail } from '../model/entry.ts';
import type { MessageReader } from '../find/pages/candidate.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { Position } from '../position.ts';
import type { RawRef } from '../raw-ref.ts';

export interface Journal extends MessageReader, RawTarget {
  /** The text `memory`, or the path of the data directory. */
  readonly location: string;
  /**
   * The reason why no mail is accepted at the moment, as a text for the operator; `null` while mail is
   * accepted.
   */
  readonly refusal: string | null;
  /**
   * Writes lines of log entries to the page cache of the kernel; the entries of one line are applied all
   * together or not at all. Resolves with the position of each line in the log. Throws
   * `StoreError('unwritable')` if the lines cannot be written; then no line is stored.
   *
   * @param isAccess whether the lines are required for reading mail (for example at a login or a SELECT). If
   *   the data directory is not writable, such lines are kept in memory only
   */
  append(lines: readonly (readonly Entry[])[], isAccess?: boolean): Promise<readonly Position[]>;
  /**
   * Resolves when all data that was written before this call is as durable as configured: synced to the disk
   * if `fsync` is on.
   */
  settled(): Promise<void>;
  /** Returns a message's bytes; `undefined` when they are missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /** Returns the bytes of a message from the offset `start` up to, but not including, the offset `end`. */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  detail(record: MessageRecord): Promise<MessageDetail>;
  /** Deletes the bytes of messages in the background. */
  dropRaw(messages: readonly RawRef[]): void;
  close(): Promise<void>;
}
