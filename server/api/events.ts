/** The event stream: WebSocket where the client upgrades, else server-sent events. */
import type { ServerResponse } from 'node:http';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import type { Seq } from '../store/ids.ts';
import type { Store } from '../store/store.ts';
import { Event, EventsQuery } from '../../contract/index.ts';
import type { ApiDeps } from './deps.ts';
import { EventFeed } from './event-feed.ts';
import { EventSources, type EventBatch } from './event-source.ts';
import type { OpenStreams } from './open-streams.ts';
import { badRequest } from './problem.ts';
import { readScope, type Scope } from './scope.ts';

/** Keeps proxies from closing a quiet stream, and finds listeners that have gone without a word; milliseconds. */
const HEARTBEAT = 20_000;
/** Octets a WebSocket may lag behind before events wait for it. */
const MAX_BUFFERED = 1_000_000;
/** A listener that is told to come back has so long to take what is on its way, milliseconds. */
const LINGER = 5000;
/** When a browser comes back after a lost connection, milliseconds. */
const RETRY = 1000;

interface World {
  readonly store: Store;
  readonly sources: EventSources;
  log(error: unknown): void;
}

/** Hears of a stream's life. */
type Watched = ReturnType<OpenStreams['opened']>;

interface Asked extends Scope {
  readonly since: Seq | undefined;
}

/** SSE's own way to resume wins over the parameter, as a browser sends it by itself. Throws what is wrong. */
function readAsked({ query, headers }: FastifyRequest): Asked {
  const { since, ...asked } = query as EventsQuery;
  const scope = readScope(asked);
  const last = headers['last-event-id'];
  if (typeof last !== 'string' || last === '') return { ...scope, since: since as Seq | undefined };
  if (!/^\d{1,15}$/.test(last)) throw badRequest(`Last-Event-ID ${JSON.stringify(last)} is no seq`);
  return { ...scope, since: Number(last) as Seq };
}

const countMessages = ({ events }: EventBatch): number =>
  events.reduce((sum, { event }) => sum + (event.type === 'message' ? 1 : 0), 0);

/** Streams into a hijacked response until either side ends it. */
function streamSse(world: World, response: ServerResponse, asked: Asked, watched: Watched): void {
  response.write(`retry: ${RETRY}\n\n`);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
  const feed = new EventFeed(world.store, world.sources, {
    ...asked,
    async send(batch) {
      if (response.writableEnded || response.destroyed) return;
      watched.told(countMessages(batch));
      if (!response.write(batch.block)) await drained(response);
    },
    fail(reason, error) {
      if (error !== undefined) world.log(error);
      clearInterval(heartbeat);
      response.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`);
      setTimeout(() => response.destroy(), LINGER).unref();
    },
  });
  response.once('close', () => {
    clearInterval(heartbeat);
    feed.close();
    watched.closed();
  });
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.once('drain', done).once('close', done);
  });
}

function streamSocket(world: World, socket: WebSocket, asked: Asked, watched: Watched): void {
  let alive = true;
  socket.on('pong', () => {
    alive = true;
  });
  const heartbeat = setInterval(() => {
    if (alive) socket.ping();
    else socket.terminate();
    alive = false;
  }, HEARTBEAT);
  const feed = new EventFeed(world.store, world.sources, {
    ...asked,
    async send(batch) {
      watched.told(countMessages(batch));
      for (const { text } of batch.events) {
        if (socket.bufferedAmount < MAX_BUFFERED) socket.send(text);
        // The callback comes when this one is with the kernel, or the socket is gone.
        else await new Promise<void>((resolve) => socket.send(text, () => resolve()));
      }
    },
    fail(reason, error) {
      if (error !== undefined) world.log(error);
      clearInterval(heartbeat);
      socket.close(1013, reason);
      setTimeout(() => socket.terminate(), LINGER).unref();
    },
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(heartbeat);
    feed.close();
    watched.closed();
  });
}

export const eventRoutes =
  ({
    store,
    logger,
    clock,
    streams: watch,
  }: ApiDeps & { readonly streams: OpenStreams }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const world: World = {
      store,
      sources: new EventSources(store),
      log: (error) => logger.error({ err: error }, 'api: an event stream failed'),
    };
    /** Open SSE responses: a closing server must end them, or it would wait for them. */
    const streams = new Set<ServerResponse>();
    app.addHook('preClose', async () => {
      for (const response of streams) response.end();
    });

    app.route({
      method: 'GET',
      url: '/events',
      exposeHeadRoute: false,
      schema: {
        operationId: 'events',
        summary: 'Stream of events: WebSocket on upgrade, else SSE; `since` resumes without a gap',
        querystring: EventsQuery,
        response: {
          200: {
            description: 'Events, one after another.',
            content: { 'text/event-stream': { schema: Event } },
          },
        },
      },
      // A refusal must come before the upgrade, while there is a response to say it with.
      preHandler: async (request) => {
        readAsked(request);
      },
      handler: async (request, reply) => {
        const asked = readAsked(request);
        reply.hijack();
        const response = reply.raw;
        response.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
        streams.add(response);
        response.once('close', () => streams.delete(response));
        streamSse(world, response, asked, watch.opened('sse', request, clock()));
      },
      wsHandler: (socket, request) => {
        streamSocket(world, socket, readAsked(request), watch.opened('websocket', request, clock()));
      },
    });
  };
