/**
 * Problem documents for requests that never reach a route, because they cannot be parsed, arrive too late, or
 * arrive too slowly.
 */
import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '../../../contract/index.ts';
import { problemOf } from '../../../contract/problems.ts';

const FIELDS = {
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
} as const;

/** Returns the problem document for the error code of a request that Node could not parse. */
export function unreadable(code: string): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return problemOf('slow-request', {
      detail: 'Send the header fields within 30 seconds, and the body without long pauses',
    });
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    const detail = 'The URL and the header fields may have 16 KB together: shorten the query';
    return problemOf('too-large', { detail }, 431);
  }
  return problemOf('bad-request', {
    detail: `The octets are not HTTP/1.1${code === '' ? '' : ` (${code})`}`,
  });
}

/** Writes a problem document directly to the connection, then closes the connection. */
export function refuseConnection(socket: Socket, problem: Problem): void {
  const body = Buffer.from(JSON.stringify(problem));
  const fields = { ...FIELDS, connection: 'close', 'content-length': body.length };
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  socket.on('error', () => socket.destroy());
  socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]));
  socket.destroySoon();
}

export function refuseRequest(response: ServerResponse, problem: Problem): void {
  const body = JSON.stringify(problem);
  response.writeHead(problem.status, { ...FIELDS, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
