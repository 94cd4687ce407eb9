/**
 * The journal stores what the engine commits. It is the only difference between the store in memory and the store on
 * disk: the engine plans, the journal writes, the state applies.
 */
import type { MessageId } from '../ids.ts';
import type { RawTarget } from './prepare/preparer.ts';
import type { Entry, MessageDetail } from '../model/entry.ts';
import type { MessageReader } from '../find/pages/candidate.ts';
import type { MessageRecord } from '../model/mail.ts';
import type { Position } from '../position.ts';

export interface Journal extends MessageReader, RawTarget {
  /** `memory`, or the data directory. */
  readonly location: string;
  /** The reason why no mail is accepted at the moment, as a text; `null` while mail is accepted. */
  readonly refusal: string | null;
  /**
   * Writes lines to the page cache of the kernel; the entries of one line are applied all together or not at all.
   * Resolves with the position of each line. Throws `StoreError('unwritable')`; no line is stored then.
   *
   * @param isAccess whether mail cannot be read without the lines (a login, a SELECT): if the directory is not
   * writable, they are stored in memory
   */
  append(lines: readonly (readonly Entry[])[], isAccess?: boolean): Promise<readonly Position[]>;
  /** Resolves when everything written so far is as safe as configured (synced to the disk with fsync). */
  settled(): Promise<void>;
  /** Returns a message's bytes; `undefined` when they are missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /** Returns the octets `start` to `end` (exclusive) of a message's bytes. */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  detail(record: MessageRecord): Promise<MessageDetail>;
  /** Deletes the bytes of removed messages in the background. */
  dropRaw(ids: readonly MessageId[]): void;
  close(): Promise<void>;
}
