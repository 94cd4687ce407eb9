/** The HTTP application: guards, routes, documents and the UI, as a value that is built and may be listened on. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import websocket from '@fastify/websocket';
import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
} from 'fastify';
import { accountRoutes } from './accounts.ts';
import { applicationRoutes } from './application.ts';
import { checkRoutes } from './checks.ts';
import { boundClose } from './connections.ts';
import type { ApiDeps } from './deps.ts';
import { deliveryRoutes } from './deliveries.ts';
import { eventRoutes } from './events.ts';
import { createHttpServer } from './http-server.ts';
import { infoRoutes, probeRoutes } from './info.ts';
import { oneMessageRoutes } from './message.ts';
import { messageRoutes } from './messages.ts';
import { collectRoutes, documentRoutes } from './openapi.ts';
import { handleError } from './problem.ts';
import { OpenStreams } from './open-streams.ts';
import { ruleRoutes } from './rules.ts';
import { guard } from './security.ts';
import { sessionRoutes } from './sessions.ts';
import { staticRoutes } from './static.ts';
import { validatorCompiler } from './validation.ts';
import { waitRoutes } from './wait.ts';
import { webhookRoutes } from './webhooks.ts';

/** A client sends nothing over the event stream. */
const MAX_SOCKET_PAYLOAD = 1024;

/** Given at birth, not set afterwards: Fastify's own compilers take longer to load than all the rest to start. */
const compilersFactory = {
  buildValidator: () => validatorCompiler,
  buildSerializer: () => () => (data: unknown) => JSON.stringify(data),
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  // What Fastify has to say at info is said better on start.
  const level = deps.logger.level === 'info' ? 'warn' : deps.logger.level;
  const loggerInstance: FastifyBaseLogger = deps.logger.child({}, { level });
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    serverFactory: createHttpServer,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 400, ignoreTrailingSlash: true },
    schemaController: { compilersFactory },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setErrorHandler(handleError);
  guard(app, deps);
  boundClose(app);
  await app.register(websocket, {
    options: { maxPayload: MAX_SOCKET_PAYLOAD },
    errorHandler(error, socket, request) {
      // Broken frames and lost connections have a code; they are the client's affair.
      if ('code' in error) request.log.debug(error);
      else request.log.error(error);
      socket.terminate();
    },
  });
  const routes = collectRoutes(app);
  const world = { ...deps, streams: new OpenStreams() };
  await app.register(
    async (root) => {
      await root.register(probeRoutes(deps));
      await root.register(
        async (api) => {
          await api.register(async (mail) => {
            await messageRoutes(deps)(mail, {});
            await applicationRoutes(deps)(mail, {});
          });
          // Not registered each on its own: they need no context of theirs, and a dozen of them take a while.
          for (const routes of [
            waitRoutes,
            oneMessageRoutes,
            accountRoutes,
            ruleRoutes,
            webhookRoutes,
            sessionRoutes,
            deliveryRoutes,
            checkRoutes,
            eventRoutes,
            infoRoutes,
          ]) {
            await routes(world)(api, {});
          }
          documentRoutes(api, routes, { ...deps, schemaController: { compilersFactory } });
        },
        { prefix: '/api' },
      );
      await staticRoutes(root, deps);
    },
    { prefix: deps.basePath },
  );
  if (deps.basePath !== '/')
    app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect(deps.basePath));
  return app;
}
