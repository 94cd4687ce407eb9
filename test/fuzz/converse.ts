/** Sends octets to a server and hears what it says, whatever becomes of the connection. */
import net from 'node:net';

/** Milliseconds that a server may take over one input, the closing included. */
const PATIENCE = 120_000;

/**
 * Sends everything, closes its half, and resolves with what came back when the server has closed too.
 *
 * @throws when the server neither answers nor closes
 */
export function converse(port: number, input: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let said = '';
    socket.setTimeout(PATIENCE, () => {
      socket.destroy();
      reject(new Error(`the server is silent after: ${said.slice(-200)}`));
    });
    // A server may drop whoever talks nonsense.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (said += chunk.toString('latin1')));
    socket.on('close', () => resolve(said));
    socket.end(input);
  });
}
