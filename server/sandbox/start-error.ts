/** Why a sandbox cannot start, in one line that says what to do. */
import { flagName } from '../config/index.ts';
import type { WantedListener } from './listeners.ts';

/** The sandbox cannot start, for a reason its user can act on; the message is one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What the system said when a port could not be bound, in the user's words. */
export function listenError(
  error: unknown,
  { host, port, path, option }: Pick<WantedListener, 'host' | 'port' | 'path' | 'option'>,
): StartError {
  const { code, message } = error as NodeJS.ErrnoException;
  const where = path === null ? `Port ${port} on ${host}` : `The Unix socket ${path}`;
  const flag = flagName(option);
  if (code === 'EADDRINUSE') {
    return new StartError(`${where} is in use by another program: choose another with ${flag}`);
  }
  if (code === 'EACCES') {
    return new StartError(`${where} may not be used by this user: choose one above 1023 with ${flag}`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartError(`${host} is no address of this machine: choose another with --host`);
  }
  return new StartError(`${where} cannot be used: ${message}`);
}
