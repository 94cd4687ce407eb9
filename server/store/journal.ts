/**
 * Where a store keeps what it does: the one difference between the store in memory and the one on disk. The
 * engine plans, the journal writes, the state applies.
 */
import type { MessageId } from './ids.ts';
import type { ThreadWorld } from './prepare/task.ts';
import type { Entry, MessageDetail } from './state/entry.ts';
import type { MessageReader } from './list/candidate.ts';
import type { MessageRecord } from './state/mail.ts';
import type { Position } from './state/position.ts';

export interface Journal extends MessageReader {
  /** `memory`, or the data directory. */
  readonly location: string;
  /** What a thread needs to write bytes in this journal's stead. */
  readonly threadWorld: ThreadWorld;
  /** Why no mail is taken at the moment, in words; `null` when mail is taken. */
  readonly refusal: string | null;
  /** Throws `StoreError('unwritable')` where new mail need not be prepared, since it cannot be kept. */
  assertTakesMail(): void;
  /** Hands a message's bytes to the kernel. Throws `StoreError('unwritable')`. */
  putRaw(id: MessageId, raw: Buffer): Promise<void>;
  /** The same for bytes in a file, which stays where it is. Throws `StoreError('unwritable')`. */
  putFile(id: MessageId, file: string): Promise<void>;
  /**
   * Hands lines to the kernel; the entries of one line stand or fall together. Resolves with the position of each
   * line. Throws `StoreError('unwritable')`, and then nothing of them is kept.
   *
   * @param isAccess whether mail cannot be read without the lines (a login, a SELECT): they may be kept in memory then
   */
  append(lines: readonly (readonly Entry[])[], isAccess?: boolean): Promise<readonly Position[]>;
  /** Resolves when all that was handed over is as safe as the store was asked to make it (fsync). */
  settled(): Promise<void>;
  /** A message's bytes; `undefined` when they are missing. */
  raw(id: MessageId): Promise<Buffer | undefined>;
  /** Octets `start` to `end` (exclusive) of them. */
  rawPart(id: MessageId, start: number, end: number): Promise<Buffer | undefined>;
  detail(record: MessageRecord): Promise<MessageDetail>;
  /** Bytes of messages that are gone: they go in the background. */
  dropRaw(ids: readonly MessageId[]): void;
  close(): Promise<void>;
}
