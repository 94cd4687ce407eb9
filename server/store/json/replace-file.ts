/**
 * Replaces a file by another content so that at any moment its name leads to the old content or to the new one: written
 * under another name, then renamed. A power cut may still leave a part of the new content unless it is synced: a reader of
 * a file that is not needs a checksum.
 */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/** Suffix of a file that is not complete yet. */
export const PARTIAL = '.part';

/**
 * Whatever has the file's name is replaced, a directory included.
 *
 * @param pieces the content, asked for one after another
 * @param sync whether the new content must be on the disk itself
 * @throws what the file system reports; the file is then what it was, and no partial file stays
 */
export async function replaceFile(
  file: string,
  pieces: Iterable<Uint8Array | string>,
  sync = false,
): Promise<void> {
  const part = file + PARTIAL;
  await rm(part, { force: true, recursive: true });
  try {
    const target = await open(part, 'wx', 0o600);
    try {
      for (const piece of pieces) await target.writeFile(piece);
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
