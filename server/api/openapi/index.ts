/**
 * The OpenAPI 3.1 document, which is generated from the routes and the contract on the first request, and a page
 * that shows it.
 */
import { STATUS_CODES } from 'node:http';
import fastify, { type FastifyInstance, type FastifyServerOptions, type RouteOptions } from 'fastify';
import { Problem } from '../../../contract/index.ts';
import { problemCodes, problems } from '../../../contract/problems.ts';
import { wantsPage } from '../problem/index.ts';
import { docsPage, type ApiDocument, type Operation, type Response } from './page.ts';

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
      description: 'The API of the mail sandbox. Errors are problem documents (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath }],
  },
  // A schema that has an id becomes a component of the same name in the OpenAPI document.
  refResolver: { buildLocalReference: ({ $id }: { readonly $id?: unknown }) => String($id) },
});

/** The description of the response to a failed call: a problem document. */
const problemResponse = {
  description: [
    'A problem document. Its `type` is `urn:restante:` followed by one of these names:',
    '',
    ...problemCodes.map((code) => `- \`${code}\` (${problems[code].status}): ${problems[code].when}`),
  ].join('\n'),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

/** Collects the routes that are registered with the application after this call. */
export function collectRoutes(app: FastifyInstance): readonly RouteOptions[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide !== true && route.method !== 'HEAD') routes.push(route);
  });
  return routes;
}

/**
 * Returns a response that has a description: the description of its schema, or else the text of the status
 * code.
 */
const describeResponse = (status: string, response: Response): Response =>
  response.description === 'Default Response'
    ? { ...response, description: STATUS_CODES[status] ?? '' }
    : response;

/** Adds the problem responses to an operation, and descriptions to its other responses. */
function completeOperation(operation: Operation): Operation {
  const described = Object.entries(operation.responses).map(
    ([status, response]) => [status, describeResponse(status, response)] as const,
  );
  const responses = { ...Object.fromEntries(described), default: { $ref: '#/components/responses/Problem' } };
  return { ...operation, responses };
}

/**
 * Generates the OpenAPI document from a second application that has the same routes, but whose routes do
 * nothing. Most sandboxes never need the document, so the real application does not load the generator.
 */
async function describe(routes: readonly RouteOptions[], facts: ApiFacts): Promise<ApiDocument> {
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
  const { paths, components = {}, ...document } = sketch.swagger() as unknown as ApiDocument;
  await sketch.close();
  const completed = Object.entries(paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [method, completeOperation(operation)]),
    ),
  ]);
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components['schemas'], Problem },
      responses: { Problem: problemResponse },
    },
    paths: Object.fromEntries(completed) as ApiDocument['paths'],
  };
}

/** Returns the paths of the API documentation and of the OpenAPI document, with the base path at the start. */
export const documentLinks = (basePath: string) => ({
  docs: `${basePath}api/docs`,
  openapi: `${basePath}api/openapi.json`,
});

export function documentRoutes(app: FastifyInstance, routes: readonly RouteOptions[], facts: ApiFacts): void {
  const links = documentLinks(facts.basePath);
  app.get('/', { schema: { hide: true } }, async (request, reply) => {
    if (wantsPage(request)) return reply.redirect(links.docs);
    return { name: 'restante', version: facts.version, ...links };
  });
  let made: Promise<ApiDocument> | undefined;
  const document = (): Promise<ApiDocument> => (made ??= describe(routes, facts));
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(JSON.stringify(await document(), null, 2)),
  );
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(await document())),
  );
}
