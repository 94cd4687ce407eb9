/** Reads a file that contains one message. */
import { open } from 'node:fs/promises';
import { MAX_MESSAGE, TOO_LARGE } from './mail-item.ts';

/**
 * Reads a file as one message. Throws the error of the file system, and an error for a device, a pipe or a
 * file that is too large.
 */
export async function readMessageFile(
  name: string,
): Promise<{ readonly bytes: Buffer; readonly mtimeMs: number }> {
  const file = await open(name, 'r');
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new Error('it is not a file');
    if (found.size > MAX_MESSAGE) throw new Error(TOO_LARGE);
    const bytes = Buffer.allocUnsafe(found.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, bytesRead), mtimeMs: found.mtimeMs };
  } finally {
    await file.close();
  }
}
