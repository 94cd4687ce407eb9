/** Passes the octets of a message to a job in a worker thread. */
import { open, readFile } from 'node:fs/promises';
import type { MessageFile, MessageOctets } from '../message/octets.ts';
import { copyOf } from './job.ts';

/**
 * The octets of a message as the input of a job: a copy that is transferred to the thread, or the path of a
 * file.
 */
export type JobOctets = Uint8Array | string;

export const jobOctets = async (octets: MessageOctets): Promise<JobOctets> =>
  Buffer.isBuffer(octets) ? copyOf(octets) : octets.file;

/**
 * Returns all octets of a message. To be called in a worker thread, because the function reads a file
 * completely into memory.
 */
export const bufferOf = async (octets: JobOctets): Promise<Buffer> =>
  typeof octets === 'string'
    ? readFile(octets)
    : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);

/** Returns the first octets of a file, at most `count`. */
export async function firstOctets({ file }: MessageFile, count: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
