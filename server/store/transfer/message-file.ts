/** A file that holds one message. */
import { open } from 'node:fs/promises';
import { MAX_MESSAGE, TOO_LARGE } from './mail-item.ts';

/** Throws what the file system reports, and for what cannot be a message: a device, a pipe, a file that is too large. */
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
