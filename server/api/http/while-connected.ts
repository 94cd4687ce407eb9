/** Ends the work of a call when its client does not wait for the result any more. */
import type { Socket } from 'node:net';

/**
 * Calls `work` with a signal that is aborted when the connection closes. The listener for the close event is
 * removed afterwards, because a persistent connection serves many calls.
 */
export async function whileConnected<T>(
  socket: Socket,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  socket.once('close', abort);
  try {
    return await work(controller.signal);
  } finally {
    socket.off('close', abort);
  }
}
