/**
 * A directory with those above it. Node's own `mkdir` with `recursive` never comes back where a directory that is there
 * says of what is to be in it that it is missing, as `/proc` does.
 */
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Makes what is missing of a path, as open as the process makes its files unless `mode` says. Rejects with what the file system says. */
export async function makeDirectory(directory: string, mode = 0o777): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(directory);
    // Of a directory that is there some systems say something else than EEXIST: of a drive's root, EPERM.
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
