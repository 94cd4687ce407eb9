/** Reads a large message in a thread, and writes its bytes where the thread can. */
import { readFile } from 'node:fs/promises';
import type { Job } from '../../thread/job.ts';
import type { MessageId } from '../ids.ts';
import { RawFiles } from '../json/raw-files.ts';
import { signatureOf } from '../search/signature.ts';
import { candidateOf, readMessage, type NewEnvelope } from './read-message.ts';
import type { Prepared, ThreadWorld } from './task.ts';

export interface PrepareTask {
  readonly id: MessageId;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly message: NewEnvelope;
  readonly world: ThreadWorld;
  /** The bytes, or the path of the file that holds them. */
  readonly raw: Uint8Array | string;
}

export interface PrepareResult {
  readonly prepared: Prepared;
  /** Whether the bytes are in their place; otherwise the caller writes them and meets the reason. */
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
    const bytes =
      typeof raw === 'string' ? await readFile(raw) : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    const read = readMessage(message, bytes, id, now);
    const signature = signatureOf(candidateOf(read, bytes));
    const prepared = { summary: read.summary, detail: read.detail, sum: read.sum, signature };
    // The bytes are written last, so that a message that cannot be read leaves none behind.
    return { prepared, isWritten: await write(task, bytes) };
  },
};
