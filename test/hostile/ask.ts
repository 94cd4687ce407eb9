/** An HTTP request as it goes over the wire, with what no client library would send. */
import net from 'node:net';

/** Milliseconds that an answer may take. */
const PATIENCE = 120_000;

/**
 * Sends it and resolves with all that came until the server closed; the request must ask for that. Its half stays
 * open: Node ends a request whose client closes its own.
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
