/** Sends an HTTP request exactly as given, including content that no client library would send. */
import net from 'node:net';

/** Milliseconds that a response may take. */
const PATIENCE = 120_000;

/**
 * Sends a request, and resolves with all data received until the server closes the connection, which the request
 * must ask for with `Connection: close`. The client keeps its half open, because Node aborts a request whose
 * client closes its half.
 */
export function ask(url: string, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    let said = '';
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer to ${request.slice(0, 200)}`)));
    socket.on('error', reject).on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.on('close', () => resolve(said));
    socket.write(request);
  });
}
