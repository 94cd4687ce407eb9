/**
 * Texts for the operator that describe why a file cannot be written or read, by error code of the operating
 * system (e.g. `ENOSPC`).
 */

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

/** Returns a description of a file system error, on one line. */
export function storageReason(error: unknown): string {
  const known = REASONS[errorCode(error)];
  if (known !== undefined) return known;
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/**
 * Returns whether an error means that the disk is full or a quota is exceeded: an error of the file system, or of a
 * database (SQLSTATE 53100).
 */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', '53100'].includes(errorCode(error));

/** Returns whether an error means that further writes will fail too, because space or permission is missing. */
export const refusesWrites = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'].includes(errorCode(error));
