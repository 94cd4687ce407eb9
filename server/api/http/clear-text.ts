/**
 * Responds to clients that send HTTP in clear text to an HTTPS port: `http://localhost:8443` is a common
 * mistake. The response has status 400; a browser gets a page with a link to the https URL.
 */
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Server, Socket } from 'node:net';
import { handshakeReason, HTTP_IN_CLEAR, peerOf, type HandshakeWatch } from '../../net/tls/handshake.ts';
import { HANDSHAKE_TIMEOUT } from '../../net/tls/index.ts';
import { hostnameOf } from '../../net/origin-pattern.ts';
import { problemOf } from '../../../contract/problems.ts';
import { problemPage } from '../problem/page.ts';
import { refuseRequest } from './refusal.ts';

const IN_CLEAR = problemOf('https', {
  detail: 'The request was in clear: write https:// in place of http:// in its URL',
});

interface ClearTextOptions {
  readonly handshakes: HandshakeWatch | undefined;
  /** Returns whether a host name is accepted as a name of this server. */
  readonly isKnownHost: (hostname: string) => boolean;
}

/**
 * Makes an HTTPS server respond to requests in clear text. The server keeps Node's own listeners for TLS
 * connections.
 */
export function answerClearText(server: HttpsServer, { handshakes, isKnownHost }: ClearTextOptions): void {
  const begin = server.listeners('connection') as ((this: HttpsServer, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const clear = http.createServer({ requireHostHeader: false }, (request, response) => {
    const error = Object.assign(new Error('HTTP in clear text'), { code: HTTP_IN_CLEAR });
    handshakes?.handshakeFailed({ peer: peerOf(request.socket), ...handshakeReason(error) });
    refuseInClear(request, response, isKnownHost);
  });
  clear.on('clientError', (_error, socket) => socket.destroy());
  // The event `connection` of an HTTPS server passes a TCP socket, which the type declaration calls a stream,
  // so the type is converted.
  (server as Server).on('connection', (socket) => {
    afterFirstOctets(socket, handshakes, (first) => {
      if (isLetter(first)) {
        clear.emit('connection', socket);
        socket.resume();
      } else for (const listener of begin) listener.call(server, socket);
    });
  });
}

/**
 * Calls `proceed` with the first octet of a connection. The octet is put back, so that the protocol's own
 * parser receives it, too.
 */
function afterFirstOctets(
  socket: Socket,
  handshakes: HandshakeWatch | undefined,
  proceed: (first: number) => void,
): void {
  const peer = peerOf(socket);
  const leave = (error: Error | null): void => {
    stop();
    socket.destroy();
    handshakes?.handshakeFailed({ peer, ...handshakeReason(error, 0) });
  };
  const left = (): void => leave(null);
  const late = (): void =>
    leave(Object.assign(new Error('TLS handshake timeout'), { code: 'ERR_TLS_HANDSHAKE_TIMEOUT' }));
  const receive = (chunk: Buffer): void => {
    stop();
    socket.pause();
    socket.unshift(chunk);
    proceed(chunk[0] ?? 0);
  };
  const stop = (): void => {
    socket.off('data', receive).off('end', left).off('error', leave).off('close', left).off('timeout', late);
    socket.setTimeout(0);
  };
  socket.on('data', receive).on('end', left).on('error', leave).on('close', left).on('timeout', late);
  socket.setTimeout(HANDSHAKE_TIMEOUT);
}

/**
 * Returns whether an HTTP request may begin with the octet: the name of a method consists of letters. The first
 * octet of a TLS handshake is 22.
 */
const isLetter = (octet: number): boolean => /[A-Za-z]/.test(String.fromCharCode(octet));

function refuseInClear(
  request: IncomingMessage,
  response: ServerResponse,
  isKnownHost: ClearTextOptions['isKnownHost'],
): void {
  response.setHeader('connection', 'close');
  if (!/\btext\/html\b/i.test(request.headers.accept ?? '')) {
    refuseRequest(response, IN_CLEAR);
    return;
  }
  response.writeHead(IN_CLEAR.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(problemPage(IN_CLEAR, secureAddress(request, isKnownHost)));
}

/**
 * Returns the https URL for a request that was sent in clear text; `null` if the requested host is not a name
 * of this server, or the URL is not valid.
 */
function secureAddress(
  { headers: { host = '' }, url = '' }: IncomingMessage,
  isKnownHost: ClearTextOptions['isKnownHost'],
): string | null {
  const hostname = hostnameOf(host);
  const address = `https://${host}${url}`;
  if (hostname === null || !isKnownHost(hostname) || !url.startsWith('/') || !URL.canParse(address))
    return null;
  return new URL(address).href;
}
