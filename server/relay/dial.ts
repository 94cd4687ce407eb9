/** Opens a TCP connection to one address within a time limit. */
import net from 'node:net';
import { SmtpClientError } from '../smtp/client/index.ts';

/**
 * Opens a connection. Rejects with an `SmtpClientError` on failure, after the time limit, and when the relay
 * closes.
 */
export function dial(
  address: string,
  port: number,
  timeout: number,
  signal: AbortSignal,
): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port, noDelay: true });
    const closing = (): void => {
      socket.destroy(new Error('the sandbox is closing'));
    };
    if (signal.aborted) closing();
    signal.addEventListener('abort', closing);
    socket.once('close', () => signal.removeEventListener('abort', closing));
    const timer = setTimeout(() => {
      socket.destroy(new Error(`no connection within ${Math.round(timeout / 1000)} s`));
    }, timeout);
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      const reason = WORDS[error.code ?? ''] ?? error.message;
      reject(new SmtpClientError('connection', `Cannot connect to ${address} port ${port}: ${reason}`, null));
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(socket);
    });
  });
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'reset',
  EADDRNOTAVAIL: 'the address cannot be used',
};
