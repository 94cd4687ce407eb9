/**
 * The HTTP and HTTPS listeners of the API. They do the work that HTTP requires before a request is routed.
 * All listeners share one Fastify application, whose own server never listens.
 *
 * - HEAD is handled as GET without content, so each route is declared once (`head.ts`).
 * - The requests of one connection are answered one after another (`pipelines.ts`).
 * - Every `Upgrade` except that of the event stream is ignored (`upgrade.ts`).
 * - A request that cannot be parsed, or that arrives too slowly, gets a problem document (`refusal.ts`).
 * - A failed TLS handshake is reported, because the client often reports nothing; an attempted TLS handshake
 *   on a port without TLS is reported, too.
 */
import { once } from 'node:events';
import http, { type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyServerFactory, FastifyServerFactoryHandler } from 'fastify';
import {
  beginsWithTls,
  handshakeReason,
  HELLO_IN_CLEAR,
  LEFT_AFTER_HANDSHAKE,
  peerOf,
  type HandshakeWatch,
} from '../../net/tls/handshake.ts';
import { BACKLOG } from '../../net/listener.ts';
import { HANDSHAKE_TIMEOUT, serverOptions, type TlsMaterial } from '../../net/tls/index.ts';
import { problemOf } from '../../../contract/problems.ts';
import { answerClearText } from './clear-text.ts';
import { asGet } from './head.ts';
import { refuseConnection, refuseRequest, unreadable } from './refusal.ts';
import { Pipelines } from './pipelines.ts';
import { isWebSocketUpgrade, withoutUpgrade } from './upgrade.ts';

/** The time limits for a client to send a request, in milliseconds. */
export interface RequestTimes {
  /** The time limit for the request line and the header fields of a request, in milliseconds. */
  readonly head: number;
  /** The longest permitted pause between two octets of a request body, in milliseconds. */
  readonly pause: number;
  /** The time limit for the whole request, in milliseconds. */
  readonly whole: number;
}

/**
 * The default time limits for a client to send a request, in milliseconds. A message of 50 MB can be sent at
 * 170 KB/s.
 */
const TIMES: RequestTimes = { head: 30_000, pause: 30_000, whole: 300_000 };
/**
 * The time until an idle connection is closed, in milliseconds: longer than the limit of common proxies, so
 * that a proxy does not reuse a connection that is just being closed.
 */
const KEEP_ALIVE = 72_000;
/** The maximum time that a closing server waits for requests in progress, in milliseconds. */
const DRAIN_TIMEOUT = 2000;

/**
 * The time after a TLS handshake, in milliseconds, in which a client that closes the connection has probably
 * rejected the certificate.
 */
const DISTRUST_TIME = 2000;

const CLOSING = problemOf('closing', { detail: 'Send the request again when the server has started' });
const EXPECTATION = problemOf('expectation', { detail: 'Send the request without the Expect field' });
const CONNECT = problemOf('method', {
  detail: 'This server is not a proxy: send requests to it without a proxy setting',
});

export interface FrontOptions {
  /**
   * Returns whether a URL path, without a query, is the path of an event stream: only event streams are also
   * available by WebSocket.
   */
  readonly isEventsPath: (path: string) => boolean;
  /**
   * Returns the URL to which the request for a WebSocket is passed on, if it is not the URL of the request; absent
   * if every request keeps its URL.
   */
  readonly socketUrl?: ((request: IncomingMessage) => string) | undefined;
  readonly times?: RequestTimes;
  /** Returns whether a host name is accepted as a name of this server. */
  readonly isKnownHost: (hostname: string) => boolean;
}

/** An error of Node's HTTP parser, with the octets that the parser could not parse. */
type ParseError = NodeJS.ErrnoException & { readonly rawPacket?: Buffer };

export interface Where {
  readonly host: string;
  /** The port to bind; 0 binds any free port. */
  readonly port: number;
  /** The certificate and key of an HTTPS listener; `null` for plain HTTP. */
  readonly tls: TlsMaterial | null;
  /** The observer that is notified of each failed TLS handshake on this port. */
  readonly handshakes?: HandshakeWatch;
}

export class HttpFront {
  readonly #options: FrontOptions;
  readonly #times: RequestTimes;
  readonly #pipelines = new Pipelines();
  readonly #servers: http.Server[] = [];
  readonly #sockets = new Set<Socket>();
  /**
   * The open TCP connections, including those under TLS, so that an unfinished TLS handshake does not delay the end
   * of the server.
   */
  readonly #transports = new Set<Socket>();
  /** The connections on which the client has sent at least one octet. */
  readonly #spoken = new WeakSet<Socket>();
  #inner: http.Server | undefined;
  #handle: FastifyServerFactoryHandler | undefined;
  #closing = false;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#times = options.times ?? TIMES;
  }

  /** Returns a server for Fastify that never listens. The WebSocket plugin receives upgrade requests from it. */
  readonly factory: FastifyServerFactory = (handle) => {
    this.#handle = handle;
    this.#inner = http.createServer();
    return this.#inner;
  };

  /** Binds a port. Resolves with its address; rejects with the error of the operating system. */
  async listen({ host, port, tls, handshakes }: Where): Promise<AddressInfo> {
    const server = this.#create(tls, handshakes);
    server.listen({ host, port, backlog: BACKLOG });
    await once(server, 'listening');
    this.#servers.push(server);
    return server.address() as AddressInfo;
  }

  /** Stops accepting connections, waits for the requests in progress, then closes every connection. */
  async close(): Promise<void> {
    this.#closing = true;
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    for (const socket of this.#sockets) if (this.#pipelines.isIdle(socket)) socket.destroySoon();
    const timer = setTimeout(() => {
      for (const socket of [...this.#sockets, ...this.#transports]) socket.destroy();
    }, DRAIN_TIMEOUT);
    await Promise.all(closed);
    clearTimeout(timer);
  }

  #create(tls: TlsMaterial | null, handshakes?: HandshakeWatch): http.Server {
    const { head, pause, whole } = this.#times;
    const options: ServerOptions = {
      headersTimeout: head,
      requestTimeout: whole,
      keepAliveTimeout: KEEP_ALIVE,
      connectionsCheckingInterval: Math.ceil(Math.min(head, pause) / 4),
      // Node's own check of the field Host is off, because the access check responds to a missing Host with a
      // problem document.
      requireHostHeader: false,
    };
    const server =
      tls === null
        ? http.createServer(options)
        : https.createServer({ ...options, ...serverOptions(tls), handshakeTimeout: HANDSHAKE_TIMEOUT });
    if (server instanceof https.Server) {
      answerClearText(server, { handshakes, isKnownHost: this.#options.isKnownHost });
    }
    keepTrack(server, connectionEvent(server), this.#sockets);
    if (server instanceof https.Server) {
      keepTrack(server, 'connection', this.#transports);
      server.on('tlsClientError', (error, socket) => {
        handshakes?.handshakeFailed({ peer: peerOf(socket), ...handshakeReason(error) });
        socket.destroy();
      });
      server.on('secureConnection', (socket) => this.#watchSilence(socket, handshakes));
    }
    server.on('request', (request, response) => this.#receive(server, request, response));
    server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      this.#pipelines.take(request, response, () => refuseRequest(response, EXPECTATION));
    });
    server.on('upgrade', (request, _socket, head) => this.#upgrade(server, request, head));
    server.on('connect', ({ socket }) => {
      this.#spoken.add(socket);
      refuseConnection(socket, CONNECT);
    });
    server.on('clientError', (error: ParseError, socket: Socket) => {
      if (tls === null && this.#isHello(error, socket)) {
        handshakes?.handshakeFailed({ peer: peerOf(socket), ...HELLO_IN_CLEAR });
      }
      this.#fail(error, socket);
    });
    return server;
  }

  /**
   * Reports a client that closes the connection right after the handshake: clients that run on Node or Go
   * verify the certificate only after the handshake. A browser also opens connections that it does not use, but
   * closes them later.
   */
  #watchSilence(socket: Socket, handshakes?: HandshakeWatch): void {
    const peer = peerOf(socket);
    const began = performance.now();
    socket.once('close', () => {
      if (this.#spoken.has(socket) || this.#closing || performance.now() - began > DISTRUST_TIME) return;
      handshakes?.handshakeFailed({ peer, ...LEFT_AFTER_HANDSHAKE });
    });
  }

  #receive(server: http.Server, request: IncomingMessage, response: ServerResponse): void {
    this.#spoken.add(request.socket);
    asGet(request);
    toOriginForm(request);
    this.#pipelines.take(request, response, () => {
      if (this.#closing) {
        response.setHeader('connection', 'close');
        refuseRequest(response, CLOSING);
        return;
      }
      this.#watchBody(server, request, response);
      response.once('close', () => {
        if (this.#closing) request.socket.destroySoon();
      });
      this.#handle?.(request, response);
    });
  }

  /** Ends a request if no octet of its body arrives for too long. */
  #watchBody(server: http.Server, request: IncomingMessage, response: ServerResponse): void {
    if (!hasBody(request)) return;
    const { socket } = request;
    let seen = -1;
    const timer = setInterval(() => {
      // A pause in the request body counts only if the server was ready to read: data that was received but not
      // yet processed is not a pause of the client.
      if (socket.bytesRead === seen && !request.complete && request.readableLength === 0) {
        const error = Object.assign(new Error('The client paused for too long in the body'), {
          code: 'ERR_HTTP_REQUEST_TIMEOUT',
        });
        server.emit('clientError', error, socket);
      }
      seen = socket.bytesRead;
    }, this.#times.pause);
    const stop = (): void => clearInterval(timer);
    request.once('end', stop).once('close', stop);
    response.once('close', stop);
  }

  #upgrade(server: http.Server, request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    this.#spoken.add(socket);
    // Node has removed its own error listener from the socket of an upgraded request, so an error must be
    // handled here.
    const drop = (): void => void socket.destroy();
    socket.on('error', drop);
    toOriginForm(request);
    this.#pipelines.afterEarlier(socket, () => {
      if (isWebSocketUpgrade(request, this.#options.isEventsPath) && !this.#closing) {
        request.headers.upgrade = 'websocket';
        request.url = this.#options.socketUrl?.(request) ?? request.url ?? '';
        this.#inner?.emit('upgrade', request, socket, head);
        return;
      }
      // After a request with the field Upgrade, Node stops parsing HTTP on the connection. The connection is
      // therefore passed to the server again, starting with the same request.
      socket.off('error', drop);
      socket.unshift(Buffer.concat([withoutUpgrade(request), head]));
      server.emit(connectionEvent(server), socket);
    });
  }

  /** Returns whether the client began a TLS handshake although the listener expects HTTP in clear text. */
  #isHello({ rawPacket }: ParseError, socket: Socket): boolean {
    return !this.#spoken.has(socket) && rawPacket !== undefined && beginsWithTls(rawPacket);
  }

  #fail(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code !== 'ECONNRESET') this.#spoken.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const last = this.#pipelines.last(socket);
    // The HTTP parser has found the error in the request that is being received: in its body, or in the data
    // after the last complete request.
    if (last !== undefined && !last.request.complete) {
      if (last.response.headersSent) socket.destroy();
      else refuseConnection(socket, unreadable(error.code ?? ''));
      return;
    }
    this.#pipelines.afterEarlier(socket, () => refuseConnection(socket, unreadable(error.code ?? '')));
  }
}

/** Returns the name of the event by which the given server starts to parse HTTP on a new connection. */
const connectionEvent = (server: http.Server): 'connection' | 'secureConnection' =>
  server instanceof https.Server ? 'secureConnection' : 'connection';

/** Keeps the set `open` up to date with the open connections of a server. */
function keepTrack(server: http.Server, event: string, open: Set<Socket>): void {
  server.on(event, (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/**
 * Converts a request in absolute form, `GET http://host/path`, to the origin form with that host and path (RFC 9112
 * §3.2.2).
 */
function toOriginForm(request: IncomingMessage): void {
  const [, authority, rest = ''] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? '') ?? [];
  if (authority === undefined) return;
  request.headers.host = authority;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
}
