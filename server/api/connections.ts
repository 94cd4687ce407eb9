/**
 * Lets a server close although clients hold on to it: Node waits for every socket, those of a refused upgrade and
 * of half-sent requests too.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** What is under way when the server closes has this long, milliseconds. */
const DRAIN_TIMEOUT = 2000;

export function boundClose(app: FastifyInstance): void {
  const open = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Once an upgrade is asked for, Node no longer ends the connection by itself.
  app.addHook('onResponse', async (request, reply) => {
    if (request.headers.upgrade !== undefined && reply.statusCode >= 400) request.raw.socket.destroySoon();
  });
  // Nor is there anybody to answer one that comes before what was asked earlier is answered: no WebSocket client does that.
  const unanswered = new WeakMap<Socket, ServerResponse>();
  app.server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    unanswered.set(socket, response);
    response.once('close', () => {
      if (unanswered.get(socket) === response) unanswered.delete(socket);
    });
  });
  app.server.on('upgrade', ({ socket }: IncomingMessage) => {
    unanswered.get(socket)?.once('close', () => socket.destroySoon());
  });
  app.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of open) socket.destroy();
    }, DRAIN_TIMEOUT).unref();
  });
}
