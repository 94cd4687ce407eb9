/**
 * Descriptions of the operating system's errors in plain English, by error code, for the user who has to fix
 * the cause.
 */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EEXIST: 'a file with that name already exists',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EISDIR: 'it is a directory, not a file',
  EACCES: 'this user has no permission for it',
  EPERM: 'this user has no permission for it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EMFILE: 'this process has too many files open',
};

/**
 * Returns a one-line description of an error of the operating system. The caller adds the operation and the name of
 * the file.
 */
export function systemWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? error.message.split('\n')[0] ?? '';
}
