/** smtp-server's listener with connections of ours, and its TLS handshakes reported. */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { handshakeReason, peerOf } from '../../net/tls/handshake.ts';
import { HandledConnection, type ConnectionWorld } from '../connection.ts';

export class HandledServer extends SMTPServer {
  world: ConnectionWorld | null = null;
  readonly #sessions = new WeakMap<object, HandledConnection>();

  override connect(socket: Socket, options: SMTPConnectionOptions): void {
    if (this.world === null) throw new Error('the server has no world yet');
    const connection = new HandledConnection(this, socket, options, this.world);
    this.connections.add(connection);
    this.#sessions.set(connection.session, connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }

  /** The connection of a session that the library hands to its callbacks, also after it ended. */
  connectionOf(session: object): HandledConnection {
    const connection = this.#sessions.get(session);
    if (connection === undefined) throw new Error('a session without a connection');
    return connection;
  }

  get open(): HandledConnection[] {
    return [...this.connections].filter((connection) => connection instanceof HandledConnection);
  }

  override _upgrade(socket: Socket, callback: (error: Error | null, secured?: TLSSocket) => void): void {
    const peer = peerOf(socket);
    // A client that leaves during the handshake would stay half connected.
    socket.allowHalfOpen = false;
    super._upgrade(socket, (error, secured) => {
      if (secured) secured.allowHalfOpen = true;
      if (error) this.world?.options.handshakes?.handshakeFailed({ peer, ...handshakeReason(error) });
      callback(error, secured);
    });
  }

  /** Ends connections that have no session yet: waiting for a TLS handshake or a PROXY header. */
  dropPending(): void {
    for (const socket of this._pendingSockets.values()) socket.destroy();
  }
}
