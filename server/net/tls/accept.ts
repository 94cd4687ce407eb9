/** Performs the server's side of a TLS handshake on a connection that was just accepted. */
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { HANDSHAKE_TIMEOUT } from './index.ts';
import { handshakeReason, peerOf, type HandshakeWatch } from './handshake.ts';

/**
 * Calls `accept` with the TLS socket after the handshake. A failed handshake is reported, and its connection is
 * closed.
 */
export function acceptTls(
  plain: Socket,
  secureContext: SecureContext,
  handshakes: HandshakeWatch | null,
  accept: (socket: TLSSocket) => void,
): void {
  const peer = peerOf(plain);
  const secured = new TLSSocket(plain, { isServer: true, secureContext });
  let failure: Error | null = null;
  const failed = (error: Error): void => {
    failure ??= error;
    secured.destroy();
  };
  const timer = setTimeout(() => {
    failed(Object.assign(new Error('TLS handshake timeout'), { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }));
  }, HANDSHAKE_TIMEOUT);
  const closed = (): void => {
    clearTimeout(timer);
    handshakes?.handshakeFailed({ peer, ...handshakeReason(failure, plain.bytesRead) });
  };
  plain.on('error', failed);
  secured.on('error', failed).on('_tlsError', failed).once('close', closed);
  secured.once('secure', () => {
    clearTimeout(timer);
    secured.off('error', failed).off('_tlsError', failed).off('close', closed);
    // Half-open connections are allowed only after the handshake: during the handshake, a client that
    // disconnects would remain half connected.
    secured.allowHalfOpen = true;
    accept(secured);
  });
}
