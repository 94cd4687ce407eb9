/** Syncs a directory to the disk, so that the names of its files survive a power failure. */
import { open } from 'node:fs/promises';

/**
 * Syncs the directory to the disk. Does nothing on file systems that do not support this operation; they do
 * not need it. Throws any other error of the file system.
 */
export async function syncDirectory(name: string): Promise<void> {
  try {
    const directory = await open(name, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    if (
      !['EISDIR', 'EPERM', 'EINVAL', 'EACCES', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    )
      throw error;
  }
}
