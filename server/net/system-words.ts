/** What the operating system said, for somebody who has to put it right. */

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or directory',
  EEXIST: 'a file of that name is in the way',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EISDIR: 'it is a directory, not a file',
  EACCES: 'this user has no permission for it',
  EPERM: 'this user has no permission for it',
  EROFS: 'its file system can only be read',
  ENOSPC: 'the disk is full',
  EMFILE: 'this process has too many files open',
};

/** The reason alone, on one line: what was tried, and on which file, is for the caller to say. */
export function systemWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '' } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? error.message.split('\n')[0] ?? '';
}
