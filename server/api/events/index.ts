/** The event stream: a WebSocket if the client requests the upgrade, otherwise server-sent events. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { WebSocket } from '@fastify/websocket';
import type { Seq } from '../../store/ids.ts';
import type { Store } from '../../store/store.ts';
import { Event, EventsQuery } from '../../../contract/index.ts';
import type { ApiDeps } from '../deps.ts';
import { EventFeed } from './feed.ts';
import { EventSources, type EventBatch } from './source.ts';
import type { OpenStreams } from './open-streams.ts';
import { badRequest } from '../../../contract/problems.ts';
import { readScope, type Scope } from '../../service/scope.ts';

/**
 * The time between two heartbeats in milliseconds. Heartbeats prevent proxies from closing an idle stream,
 * and detect dead connections.
 */
const HEARTBEAT = 20_000;
/** The number of octets that may be buffered for a WebSocket; above this limit, further events are queued. */
const MAX_BUFFERED = 1_000_000;
/** The time in which a client whose stream has ended can read the remaining data, in milliseconds. */
const LINGER = 5000;
/** The time after which a browser reconnects to an ended stream, in milliseconds. */
const RETRY = 1000;

interface World {
  readonly store: Store;
  readonly sources: EventSources;
  log(error: unknown): void;
}

/** The callbacks that count the messages of a stream and record its end. */
type Watched = ReturnType<OpenStreams['opened']>;

interface Asked extends Scope {
  readonly since: Seq | undefined;
}

/**
 * Parses the parameters of an event stream. The field `Last-Event-ID`, which a browser sends when it
 * reconnects, overrides the parameter `since`. Throws a `ProblemError` for invalid parameters.
 */
function readAsked({ query, headers }: FastifyRequest): Asked {
  const { since, ...asked } = query as EventsQuery;
  const scope = readScope(asked);
  const last = headers['last-event-id'];
  if (typeof last !== 'string' || last === '') return { ...scope, since: since as Seq | undefined };
  if (!/^\d{1,15}$/.test(last)) throw badRequest(`Last-Event-ID ${JSON.stringify(last)} is not a seq`);
  return { ...scope, since: Number(last) as Seq };
}

const countMessages = ({ events }: EventBatch): number =>
  events.reduce((sum, { event }) => sum + (event.type === 'message' ? 1 : 0), 0);

/** Sends server-sent events over a response until the client or the server ends it. */
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

/**
 * Sends events over a WebSocket until the client or the server ends it.
 * @param connection the connection of the WebSocket, to which a whole batch is written at once, in frames that all
 * streams share
 */
function streamSocket(
  world: World,
  { socket, connection }: { readonly socket: WebSocket; readonly connection: Socket },
  asked: Asked,
  watched: Watched,
): void {
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
      // After the close frame of a WebSocket, no further frame may be sent.
      if (socket.readyState !== socket.OPEN) return;
      watched.told(countMessages(batch));
      if (connection.writableLength < MAX_BUFFERED) connection.write(batch.frames);
      // Node calls the callback of `write` when the operating system has accepted the octets, or when the
      // connection has failed.
      else await new Promise<void>((resolve) => connection.write(batch.frames, () => resolve()));
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
    /**
     * The open responses with server-sent events. The server ends them when it closes; otherwise it would wait for
     * them.
     */
    const streams = new Set<ServerResponse>();
    app.addHook('preClose', async () => {
      for (const response of streams) response.end();
    });

    app.route({
      method: 'GET',
      url: '/events',
      exposeHeadRoute: false,
      schema: {
        operationId: 'streamEvents',
        tag: 'Server',
        summary:
          'Stream events, by WebSocket after an upgrade, otherwise by SSE; `since` resumes without a gap',
        problems: ['query'],
        querystring: EventsQuery,
        response: {
          200: {
            description: 'Events, one after another.',
            content: { 'text/event-stream': { schema: Event } },
          },
        },
      },
      // The sequence number is checked before the upgrade, because no HTTP error response can be sent after the
      // upgrade.
      preHandler: async (request) => {
        const { since } = readAsked(request);
        if (since !== undefined) await store.changes.caughtUp(since);
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
        const ends = { socket, connection: request.socket };
        streamSocket(world, ends, readAsked(request), watch.opened('websocket', request, clock()));
      },
    });
  };
