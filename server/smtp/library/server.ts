/**
 * smtp-server's listener class, changed so that it creates connections of this server and reports failed TLS
 * handshakes.
 */
import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { handshakeReason, peerOf, type HandshakeWatch } from '../../net/tls/handshake.ts';
import type { Wire, WireEvents } from '../wire.ts';
import { LibraryConnection } from './connection.ts';

export interface LibraryServerDeps<Events extends WireEvents> {
  /** Creates the session of a new connection. */
  open(wire: Wire): Events;
  readonly handshakes: HandshakeWatch | null;
}

/**
 * Decodes the user name in XCLIENT's LOGIN attribute as UTF-8, or as Latin-1 if it is not valid UTF-8.
 * smtp-server has already decoded the xtext encoding and passes each octet as one character.
 */
function decodeOctets(login: string | undefined): string | undefined {
  if (login === undefined || /[^\0-\xff]/.test(login)) return login;
  const octets = Buffer.from(login, 'latin1');
  return isUtf8(octets) ? octets.toString() : login;
}

export class LibraryServer<Events extends WireEvents> extends SMTPServer {
  readonly #deps: LibraryServerDeps<Events>;
  readonly #connections = new WeakMap<object, LibraryConnection<Events>>();

  constructor(options: SMTPServerOptions, deps: LibraryServerDeps<Events>) {
    super({
      ...options,
      onConnect: (session, callback) => this.#connectionOf(session).ask(callback),
      // smtp-server calls this function only for the LOGIN attribute of XCLIENT, whose sender is trusted; AUTH
      // is implemented by this server.
      onAuth: ({ username }, _session, callback) => callback(null, { user: decodeOctets(username) }),
      onClose: (session) => this.#connectionOf(session).events.ended(),
    });
    this.#deps = deps;
  }

  /** The sessions of the open connections. */
  get open(): Events[] {
    return [...this.connections].flatMap(({ session }) => this.#connections.get(session)?.events ?? []);
  }

  override connect(socket: Socket, options: SMTPConnectionOptions): void {
    const connection = new LibraryConnection(this, socket, options, (wire) => this.#deps.open(wire));
    this.connections.add(connection);
    this.#connections.set(connection.session, connection);
    connection.on('error', (error: Error) => this._onError(error));
    connection.init();
  }

  override _upgrade(socket: Socket, callback: (error: Error | null, secured?: TLSSocket) => void): void {
    const peer = peerOf(socket);
    const before = socket.bytesRead;
    // If a client disconnects during the handshake, its connection must not stay half open.
    socket.allowHalfOpen = false;
    super._upgrade(socket, (error, secured) => {
      if (secured) secured.allowHalfOpen = true;
      if (error)
        this.#deps.handshakes?.handshakeFailed({
          peer,
          ...handshakeReason(error, socket.bytesRead - before),
        });
      callback(error, secured);
    });
  }

  /** Closes the connections that have no session yet, because they wait for a TLS handshake or a PROXY header. */
  dropPending(): void {
    for (const socket of this._pendingSockets.values()) socket.destroy();
  }

  /**
   * Returns the connection of a session object that smtp-server passes to its callbacks; also works after the
   * connection has ended.
   */
  #connectionOf(session: object): LibraryConnection<Events> {
    const connection = this.#connections.get(session);
    if (connection === undefined) throw new Error('A session of the library has no connection');
    return connection;
  }
}
