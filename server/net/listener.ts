/** The listener that line protocols share: connections in clear, or over TLS from the first octet. */
import net from 'node:net';
import { secureContext, type TlsMaterial } from './tls.ts';
import { acceptTls } from './tls/accept.ts';
import type { HandshakeWatch } from './tls/handshake.ts';

/**
 * Connections that may wait to be accepted. Above the limit the kernel drops the client's SYN, and the client repeats it
 * after a second. Node's default is 511; a test run may open thousands of connections at once. The kernel may impose a
 * lower limit (`somaxconn`).
 */
export const BACKLOG = 4096;

export interface ListenerOptions {
  /** TLS from the first octet with this certificate; `null` begins in clear. */
  readonly tls: TlsMaterial | null;
  readonly handshakes: HandshakeWatch | null;
}

/** @param accept Takes a connection, after the handshake where there is one. */
export function createListener(
  { tls, handshakes }: ListenerOptions,
  accept: (socket: net.Socket) => void,
): net.Server {
  if (tls === null) return net.createServer({ allowHalfOpen: true }, accept);
  const context = secureContext(tls);
  return net.createServer((socket) => acceptTls(socket, context, handshakes, accept));
}
