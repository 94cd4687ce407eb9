/**
 * Replaces the content of a file so that a reader finds either the complete old content or the complete new
 * content: the new content is written to a temporary file, which is then renamed. Without a sync to the disk,
 * a power failure may leave only a part of the new content; the reader of such a file must verify a checksum.
 */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/** Suffix of the name of the temporary file to which the new content is written. */
export const PARTIAL = '.part';

/**
 * Replaces a file; also replaces a directory or a link that has the file's name.
 *
 * @param pieces the new content; the pieces are written one after the other
 * @param sync whether the new content must be synced to the disk
 * @throws the error of the file system; the file is then unchanged and the temporary file removed
 */
export async function replaceFile(
  file: string,
  pieces: Iterable<Uint8Array | string> | AsyncIterable<Uint8Array>,
  sync = false,
): Promise<void> {
  const part = file + PARTIAL;
  await rm(part, { force: true, recursive: true });
  try {
    const target = await open(part, 'wx', 0o600);
    try {
      for await (const piece of pieces) await target.writeFile(piece);
      if (sync) await target.datasync();
    } finally {
      await target.close();
    }
    await moveOver(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw error;
  }
  if (sync) await syncDirectory(path.dirname(file));
}

async function moveOver(part: string, file: string): Promise<void> {
  try {
    await rename(part, file);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EISDIR', 'EEXIST', 'ENOTEMPTY', 'EPERM'].includes(code)) throw error;
    await rm(file, { force: true, recursive: true });
    await rename(part, file);
  }
}
