/** Sends octets to a server and reads its response, regardless of how the connection ends. */
import net from 'node:net';
import { PATIENCE } from '../helpers/patience.ts';

/**
 * Sends everything, closes its half of the connection, and resolves with the received data when the server has
 * closed, too.
 *
 * @throws if the server neither responds nor closes
 */
export function converse(port: number, input: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let said = '';
    socket.setTimeout(PATIENCE, () => {
      socket.destroy();
      reject(new Error(`the server is silent after: ${said.slice(-200)}`));
    });
    // A server may close the connection after invalid input.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.on('close', () => resolve(said));
    socket.end(input);
  });
}
