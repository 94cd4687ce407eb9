/**
 * The HTTP server under the API. HEAD is GET without its content (RFC 9110 §9.3.2), and Node leaves that out by itself,
 * so routes exist once: to register each for HEAD too is a tenth of the time that a sandbox takes to start.
 */
import { createServer } from 'node:http';
import type { FastifyServerFactory } from 'fastify';

export const createHttpServer: FastifyServerFactory = (handle, { keepAliveTimeout, requestTimeout }) => {
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') request.method = 'GET';
    handle(request, response);
  });
  if (typeof keepAliveTimeout === 'number') server.keepAliveTimeout = keepAliveTimeout;
  if (typeof requestTimeout === 'number') server.requestTimeout = requestTimeout;
  return server;
};
