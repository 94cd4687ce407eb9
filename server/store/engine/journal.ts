/**
 * The journal stores the changes that the engine commits. It is the only difference between the store in memory
 * and the store on disk: the engine plans a change, the journal writes it, the state applies it.
 */
import type { MessageId } from '../ids.ts';
import type { RawTarget } from './prepare/preparer.ts';
import type { Entry, MessageDetail } from '../model/entry.ts';
import type { MessageReader } from '../find/pages/candidate.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { Position } from '../position.ts';

export interface Journal extends MessageReader, RawTarget {
  /** The text `memory`, or the path of the data directory. */
  readonly location: string;
  /**
   * The reason why no mail is accepted at the moment, as a text for the operator; `null` while mail is
   * accepted.
   */
  readonly refusal: string | null;
  /**
   * Writes lines to the page cache of the kernel; the entries of one line are applied all together or not at
   * all. Resolves with the position of each line. Throws `StoreError('unwritable')`; in this case no line is
   * stored.
   *
   * @param isAccess whether mail cannot be read without the lines (for example at a login or a SELECT): if the
   * directory is not writable, such lines are stored in memory
   */
  append(lines: readonly (readonly Entry[])[], isAccess?: boolean): Promise<readonly Position[]>;
  /** Resolves when everything written so far is as durable as configured: synced to the disk if `fsync` is on. */
  settled(): Promise<void>;
  /** Returns a message's bytes; `undefined` when they are missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /** Returns the octets `start` to `end` (exclusive) of a message's bytes. */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  detail(record: MessageRecord): Promise<MessageDetail>;
  /** Deletes the bytes of the messages with these ids in the background. */
  dropRaw(ids: readonly MessageId[]): void;
  close(): Promise<void>;
}
