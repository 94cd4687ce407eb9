/**
 * Builds the HTTP application: the access checks, the API routes, the API documentation and the UI. The
 * caller then binds ports to the application.
 */
import type { AddressInfo } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import { collectMethods, type RouteTable } from './access.ts';
import { accountRoutes } from './accounts.ts';
import { applicationRoutes } from './application.ts';
import { checkRoutes } from './messages/checks.ts';
import type { ApiDeps } from './deps.ts';
import { deliveryRoutes } from './deliveries.ts';
import { eventRoutes } from './events/index.ts';
import { createFrameTokens } from '../service/preview/frame-token.ts';
import { HttpFront, type FrontOptions, type Where } from './http/front.ts';
import { authorityRoutes, infoRoutes, probeRoutes } from './info.ts';
import { oneMessageRoutes } from './messages/message.ts';
import { pictureRoutes } from './messages/picture.ts';
import { messageRoutes } from './messages/index.ts';
import { collectRoutes, documentLinks, documentRoutes } from './openapi/index.ts';
import { problemOf } from '../../contract/problems.ts';
import { handleError, sendProblem } from './problem/index.ts';
import { OpenStreams } from './events/open-streams.ts';
import { ruleRoutes } from './rules.ts';
import { guard, HEADERS, knownHosts } from './security.ts';
import { sessionRoutes } from './sessions.ts';
import { staticRoutes } from './static.ts';
import { validatorCompiler } from './validation.ts';
import { Deletion } from '../service/deletion.ts';
import { Pictures } from '../service/picture/index.ts';
import { MessageReading } from '../service/reading/index.ts';
import { Waits } from '../service/wait/index.ts';
import { waitRoutes } from './messages/wait.ts';
import { webhookRoutes } from './webhooks.ts';

/** The maximum size of one segment of a URL path in octets. */
const MAX_PARAM = 1000;
/**
 * The maximum size of a WebSocket message from a client, in octets. It is small because clients send nothing over
 * the event stream.
 */
const MAX_SOCKET_PAYLOAD = 1024;

/**
 * The validator and serialiser that replace those of Fastify. They are passed to the constructor, because otherwise
 * Fastify loads its own compilers, which takes longer than all other work at the start of the server.
 */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

export interface Api {
  /**
   * Binds a further port. Resolves with the bound address; rejects with the error of the operating system.
   */
  listen(where: Where): Promise<AddressInfo>;
  /**
   * Closes the server: ends the event streams and the API calls that wait for mail, waits for other requests to
   * finish, and releases the ports.
   */
  close(): Promise<void>;
}

export async function createApi(deps: ApiDeps): Promise<Api> {
  // Fastify's messages of the level `info` are suppressed, because the server logs the same facts on start.
  const level = deps.logger.level === 'info' ? 'warn' : deps.logger.level;
  const loggerInstance: FastifyBaseLogger = deps.logger.child({}, { level });
  const front = new HttpFront({
    ...eventPaths(deps),
    isKnownHost: knownHosts(deps.allowOrigins),
  });
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    serverFactory: front.factory,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    schemaController: { compilersFactory },
    // Responds to a request whose URL the router cannot parse; Fastify runs no hook for such a request.
    frameworkErrors: (error, request, reply) => {
      handleError(error, request, reply.headers(HEADERS));
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(handleError);
  const frameTokens = createFrameTokens(deps.store.sharedSecret ?? undefined);
  closeRefusedUpgrades(app);
  guard(app, deps, frameTokens);
  const refuseUnknown = answerUnknown(collectMethods(app), deps.basePath);
  app.setNotFoundHandler(refuseUnknown);
  // An unknown path is refused in a hook, because Fastify reads and parses the body before it calls the handler for
  // unknown paths, and could then report an error of the body instead.
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return refuseUnknown(request, reply);
  });
  await app.register(websocket, {
    options: { maxPayload: MAX_SOCKET_PAYLOAD },
    errorHandler(error, socket, request) {
      // Errors of broken WebSocket frames and of lost connections have an error code. The client causes these
      // errors, so they are logged only at the level `debug`.
      if ('code' in error) request.log.debug(error);
      else request.log.error(error);
      socket.terminate();
    },
  });
  const routes = collectRoutes(app);
  const deletion = new Deletion(deps.store);
  app.addHook('onClose', async () => deletion.close());
  const reading = new MessageReading(deps);
  const world = {
    ...deps,
    deletion,
    streams: new OpenStreams(),
    frameTokens,
    reading,
    pictures: new Pictures({ reading, chrome: deps.chrome }),
    waits: new Waits(deps),
  };
  await app.register(
    async (root) => {
      await root.register(probeRoutes(deps));
      await root.register(
        async (api) => {
          await api.register(async (mail) => {
            await messageRoutes(world)(mail, {});
            await applicationRoutes(deps)(mail, {});
          });
          // The functions that register routes are called directly and not as Fastify plugins: they need no
          // context of their own, and registering a dozen plugins takes time.
          for (const routes of [
            waitRoutes,
            oneMessageRoutes,
            pictureRoutes,
            accountRoutes,
            ruleRoutes,
            webhookRoutes,
            sessionRoutes,
            deliveryRoutes,
            checkRoutes,
            eventRoutes,
            infoRoutes,
            authorityRoutes,
          ]) {
            await routes(world)(api, {});
          }
          documentRoutes(api, routes, deps);
        },
        { prefix: '/api' },
      );
      // Each additional API is a Fastify plugin of its own, because it has its own error handler and its own
      // body parsers.
      for (const door of deps.doors) await root.register(async (surface) => door.routes(surface, world));
      await staticRoutes(root, deps);
    },
    { prefix: deps.basePath },
  );
  if (deps.basePath !== '/') {
    app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect(deps.basePath));
  }
  await app.ready();
  return {
    listen: (where) => front.listen(where),
    close: async () => {
      await Promise.all([app.close(), front.close()]);
    },
  };
}

/** Returns the functions that recognize the paths of event streams, of the API and of other tools' APIs. */
function eventPaths({ basePath, doors }: ApiDeps): Pick<FrontOptions, 'isEventsPath' | 'socketUrl'> {
  const own = `${basePath}api/events`;
  const bare = doors.find(({ bareEvents }) => bareEvents !== null)?.bareEvents ?? null;
  return {
    isEventsPath: (path) =>
      path === own ||
      (path.startsWith(basePath) && doors.some((door) => door.isEventsPath(path.slice(basePath.length)))),
    socketUrl({ url = '', headers }) {
      const isBare = url === own && headers['sec-websocket-protocol'] === undefined;
      return isBare && bare !== null ? `${basePath}${bare}` : url;
    },
  };
}

/**
 * Closes the connection after the response to a request for a WebSocket that was refused. Node no longer reads such a
 * connection, so it would stay open without use. The WebSocket plugin closes it only if no earlier hook responded.
 */
function closeRefusedUpgrades(app: FastifyInstance): void {
  const isUpgrade = ({ headers }: FastifyRequest): boolean => headers.upgrade !== undefined;
  app.addHook('onRequest', async (request, reply) => {
    if (isUpgrade(request)) void reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request) => {
    if (isUpgrade(request)) request.raw.socket.destroySoon();
  });
}

/**
 * Returns the handler for requests that match no route: it responds with 405 and the methods that the path
 * supports, or with 404 if the path is unknown.
 */
function answerUnknown(routes: RouteTable, basePath: string) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { method, url } = request;
    const [path = ''] = url.split('?');
    const methods = routes.methodsOf(path);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    if (method === 'OPTIONS' && methods.length > 0) return reply.code(204).send();
    if (methods.length === 0 || methods.includes(method)) {
      const calls = path.startsWith(`${basePath}api/`) ? `: see ${documentLinks(basePath).docs}` : '';
      return sendProblem(reply, problemOf('not-found', { detail: `${method} ${path}${calls}` }));
    }
    return sendProblem(reply, problemOf('method', { detail: `${path} supports ${methods.join(', ')}` }));
  };
}
