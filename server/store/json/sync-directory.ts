/** Makes names in a directory safe from a power cut. */
import { open } from 'node:fs/promises';

/** File systems that cannot sync a directory do not need it. Throws what the file system reports otherwise. */
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
