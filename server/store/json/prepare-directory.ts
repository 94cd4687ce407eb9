/**
 * Prepares a data directory before the store opens its files: renames unusable entries and removes incomplete
 * files.
 */
import { chmod, lstat, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PARTIAL } from '../files/replace-file.ts';
import { setAside } from '../files/set-aside.ts';
import { errorCode, storageReason } from '../storage-reason.ts';

/** Names of the files and directories that a store opens in its data directory. */
const EXPECTED = [
  { name: 'db.json', isDirectory: false },
  { name: 'messages.jsonl', isDirectory: false },
  { name: 'raw', isDirectory: true },
] as const;

/**
 * Returns a text that describes why the store cannot use a file because of its type or permissions; `null`
 * for a usable file.
 */
async function kindProblem(file: string, isDirectory: boolean): Promise<string | null> {
  try {
    const found = await stat(file);
    if (isDirectory ? !found.isDirectory() : !found.isFile())
      return `it is not a ${isDirectory ? 'directory' : 'file'}`;
    const opened = isDirectory ? await readdir(file) : await open(file, 'r');
    if ('close' in opened) await opened.close();
    return null;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return storageReason(error);
    return (await lstat(file).catch(() => undefined)) === undefined ? null : 'it is a link to nothing';
  }
}

/**
 * Returns the files of a data directory that have the wrong type or permissions, each with a text about its
 * problem.
 */
export async function wrongKinds(directory: string): Promise<readonly { name: string; problem: string }[]> {
  const found = [];
  for (const { name, isDirectory } of EXPECTED) {
    const problem = await kindProblem(path.join(directory, name), isDirectory);
    if (problem !== null) found.push({ name, problem });
  }
  return found;
}

/**
 * Renames entries that have the name of a store file but the wrong type or permissions. Removes files that a
 * killed process left incomplete.
 */
export async function prepareDirectory(
  directory: string,
  now: number,
  warn: (text: string) => void,
): Promise<void> {
  for (const { name, problem } of await wrongKinds(directory)) {
    const file = path.join(directory, name);
    const isDirectory = name === 'raw';
    await chmod(file, isDirectory ? 0o700 : 0o600).catch(() => undefined);
    if ((await kindProblem(file, isDirectory)) === null) {
      warn(`${name} could not be read (${problem}); its permissions are set`);
    } else {
      warn(`${name} cannot be used, ${problem}; it is renamed to ${await setAside(file, now)}`);
    }
  }
  for (const name of ['db.json', 'messages.jsonl', 'probe']) {
    await rm(path.join(directory, name + PARTIAL), { force: true, recursive: true });
  }
}
