/** OpenAPI 3.1, made from the routes and the contract when somebody asks for it, and a page to read it on. */
import fastify, { type FastifyInstance, type FastifyServerOptions, type RouteOptions } from 'fastify';
import { docsPage, type ApiDocument } from './docs-page.ts';

export interface ApiFacts {
  readonly version: string;
  readonly basePath: string;
  readonly schemaController: NonNullable<FastifyServerOptions['schemaController']>;
}

const infoOf = ({ version, basePath }: ApiFacts) => ({
  openapi: {
    openapi: '3.1.0' as const,
    info: {
      title: 'Restante',
      version,
      description: 'The mail sandbox’s API. Errors are problem documents (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath }],
  },
});

/** Collects the routes that are registered after it. */
export function collectRoutes(app: FastifyInstance): readonly RouteOptions[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide !== true && route.method !== 'HEAD') routes.push(route);
  });
  return routes;
}

/** The document, from an application that has the same routes and does nothing: few starts are ever asked for it. */
async function describe(routes: readonly RouteOptions[], facts: ApiFacts): Promise<string> {
  const { default: swagger } = await import('@fastify/swagger');
  const sketch = fastify({ schemaController: facts.schemaController });
  await sketch.register(swagger, infoOf(facts));
  for (const { method, url, schema } of routes) {
    sketch.route({
      method,
      url,
      ...(schema === undefined ? {} : { schema }),
      handler: async () => undefined,
    });
  }
  await sketch.ready();
  const document = JSON.stringify(sketch.swagger(), null, 2);
  await sketch.close();
  return document;
}

export function documentRoutes(app: FastifyInstance, routes: readonly RouteOptions[], facts: ApiFacts): void {
  let made: Promise<string> | undefined;
  const document = (): Promise<string> => (made ??= describe(routes, facts));
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(await document()),
  );
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(JSON.parse(await document()) as ApiDocument)),
  );
}
