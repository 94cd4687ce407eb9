/** Reasons why a file cannot be written or read, as texts for the operator; the key is the error code of the system. */

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'this user has no permission for it',
  EPERM: 'this user has no permission for it',
  ENOENT: 'a directory is missing',
  ENOTDIR: 'a file has the name of a directory',
  EISDIR: 'a directory has the name of a file',
  ELOOP: 'a symbolic link has the name of a file',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
  EIO: 'the disk fails',
};

export const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? '';

/** Returns a description of an error of the file system in one line. */
export function storageReason(error: unknown): string {
  const known = REASONS[errorCode(error)];
  if (known !== undefined) return known;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/** Whether the cause of the error is only a full disk or an exceeded quota. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errorCode(error));

/** Whether the error means that every further write will fail, because space or permission is missing. */
export const refusesWrites = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(errorCode(error));
