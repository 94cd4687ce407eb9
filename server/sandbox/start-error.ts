/** Errors that prevent the start of a sandbox. Each message is one line and states what to do. */
import { flagName } from '../config/index.ts';
import type { WantedListener } from './listeners.ts';

/** Thrown when the sandbox cannot start for a reason that the user can fix; the message is one line. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Converts the system's error for a port that could not be bound to a message for the user. */
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
    return new StartError(`${host} is not an address of this machine: choose another with --host`);
  }
  return new StartError(`${where} cannot be used: ${message}`);
}
