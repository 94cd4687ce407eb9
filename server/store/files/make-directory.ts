/**
 * Creates a directory and its missing parents. Node's own `mkdir` with `recursive` never ends in a directory such as
 * `/proc`, which exists but reports ENOENT when an entry is created in it.
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Creates the missing directories of a path, with the default permissions of the process unless `mode` is given.
 * Rejects with the error of the file system.
 */
export async function makeDirectory(directory: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(directory);
    // Any error other than ENOENT is ignored if the directory exists: some systems report EPERM in place of
    // EEXIST for the root of a drive.
    if (code !== 'ENOENT' && (await isDirectory(directory))) return;
    if (code !== 'ENOENT' || parent === directory || (await isDirectory(parent))) throw error;
    await makeDirectory(parent, mode);
    await mkdir(directory, { mode });
  }
}

const isDirectory = (name: string): Promise<boolean> =>
  stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
