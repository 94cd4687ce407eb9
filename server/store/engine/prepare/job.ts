/**
 * The job that reads a large message in a worker thread, and writes the bytes of the message if the thread has
 * access to the data directory.
 */
import type { Job } from '../../../thread/job.ts';
import { bufferOf, type JobOctets } from '../../../thread/message-octets.ts';
import type { MessageId } from '../../ids.ts';
import { RawFiles } from '../../raw/raw-files.ts';
import { readMessage, type NewEnvelope } from './read-message.ts';
import type { ReadResult, ThreadWorld } from './task.ts';

export interface PrepareTask {
  readonly id: MessageId;
  /** The current time in milliseconds since the epoch. */
  readonly now: number;
  readonly message: NewEnvelope;
  readonly world: ThreadWorld;
  readonly raw: JobOctets;
}

export interface PrepareResult {
  readonly prepared: ReadResult;
  /**
   * Whether the worker thread wrote the bytes of the message to a file of its own. If not, the caller writes the bytes,
   * and receives the error if the write fails.
   */
  readonly isWritten: boolean;
}

async function write({ id, world: { directory, fsync }, raw }: PrepareTask, bytes: Buffer): Promise<boolean> {
  if (directory === null) return false;
  const files = new RawFiles(directory, fsync);
  try {
    await (typeof raw === 'string' ? files.adopt(id, raw) : files.write(id, bytes));
    return true;
  } catch {
    return false;
  }
}

export const job: Job<PrepareTask, PrepareResult> = {
  name: 'prepare',
  async run(task) {
    const { id, now, message, raw } = task;
    const bytes = await bufferOf(raw);
    const read = readMessage(message, bytes, id, now);
    const prepared = { summary: read.summary, detail: read.detail, sum: read.sum };
    // The bytes are written after the message was read, so no file remains if reading fails.
    return { prepared, isWritten: await write(task, bytes) };
  },
};
