/** The event stream: WebSocket where the client upgrades, else server-sent events. */
import { once } from 'node:events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Seq } from '../store/ids.ts';
import { EventsQuery, type Event } from './contract.ts';
import type { ApiDeps } from './deps.ts';
import { EventFeed } from './event-feed.ts';
import { badRequest } from './problem.ts';
import { readScope } from './scope.ts';

/** Keeps proxies and half-dead connections honest, milliseconds. */
const HEARTBEAT = 20_000;
/** Octets a WebSocket may lag behind before events wait for it. */
const MAX_BUFFERED = 1_000_000;

/** SSE's own way to resume wins over the parameter, as a browser sends it by itself. */
function resumeFrom(since: number | undefined, lastEventId: string | string[] | undefined): Seq | undefined {
  if (typeof lastEventId !== 'string' || lastEventId === '') return since as Seq | undefined;
  if (!/^\d{1,15}$/.test(lastEventId))
    throw badRequest(`Last-Event-ID ${JSON.stringify(lastEventId)} is no seq`);
  return Number(lastEventId) as Seq;
}

export const eventRoutes =
  ({ store }: ApiDeps): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.route({
      method: 'GET',
      url: '/events',
      schema: {
        summary: 'Stream of events: WebSocket on upgrade, else SSE; `since` resumes without a gap',
        querystring: EventsQuery,
        produces: ['text/event-stream'],
      },
      handler: async (request, reply) => {
        const { since, ...asked } = request.query;
        const scope = readScope(asked);
        const from = resumeFrom(since, request.headers['last-event-id']);
        reply.hijack();
        const response = reply.raw;
        response.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        const feed = new EventFeed(store, {
          ...scope,
          since: from,
          async send(event: Event) {
            if (response.destroyed) return;
            const flushed = response.write(
              `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
            );
            if (!flushed) await Promise.race([once(response, 'drain'), once(response, 'close')]);
          },
          fail: (reason) => response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`),
        });
        const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
        streams.add(response);
        response.once('close', () => {
          clearInterval(heartbeat);
          feed.close();
          streams.delete(response);
        });
      },
      wsHandler: (socket, request) => {
        const { since, ...asked } = request.query;
        const feed = new EventFeed(store, {
          ...readScope(asked),
          since: since as Seq | undefined,
          async send(event: Event) {
            socket.send(JSON.stringify(event));
            while (socket.bufferedAmount > MAX_BUFFERED && socket.readyState === socket.OPEN) {
              await new Promise((resolve) => setImmediate(resolve));
            }
          },
          fail: (reason) => socket.close(1013, reason),
        });
        const heartbeat = setInterval(() => socket.ping(), HEARTBEAT);
        socket.on('error', () => socket.terminate());
        socket.on('close', () => {
          clearInterval(heartbeat);
          feed.close();
        });
      },
    });

    /** Open SSE responses: a closing server must end them, or it would wait for them. */
    const streams = new Set<{ end(): unknown }>();
    app.addHook('preClose', async () => {
      for (const stream of streams) stream.end();
    });
  };
