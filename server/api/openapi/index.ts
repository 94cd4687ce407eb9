/**
 * The OpenAPI 3.1 document, which is generated from the routes and the contract on the first request, and a page
 * that shows it.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { Problem, WaitTimeout } from '../../../contract/index.ts';
import { wantsPage } from '../problem/index.ts';
import { tags } from './operation.ts';
import { printJson } from './print.ts';
import { docsPage, type ApiDocument, type Operation, type Parameter } from './page.ts';
import { failuresOf, problemResponses, problemsText } from './responses.ts';
import { Components, type Json } from './schemas.ts';

export interface ApiFacts {
  readonly version: string;
  readonly basePath: string;
}

/** Collects the routes that are registered with the application after this call. */
export function collectRoutes(app: FastifyInstance): readonly RouteOptions[] {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.schema?.hide !== true && route.method !== 'HEAD') routes.push(route);
  });
  return routes;
}

/** Converts the schemas of parameters to the list of parameters of an OpenAPI operation. */
function parametersOf(schema: unknown, where: 'path' | 'query', components: Components): Parameter[] {
  const { properties = {}, required = [] } = (schema ?? {}) as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, examples, ...property }]) => ({
    name,
    in: where,
    ...(required.includes(name) && { required: true }),
    ...(typeof description === 'string' && { description }),
    ...(Array.isArray(examples) && { example: examples[0] as unknown }),
    schema: components.convert(property),
  }));
}

const isContent = (
  schema: Json,
): schema is { readonly content: Readonly<Record<string, { schema: Json }>> } =>
  schema['content'] !== undefined;

/**
 * Returns the schemas of a body or a response by media type. A declaration that is a single schema describes
 * `application/json`.
 */
function contentOf(
  schema: Json,
  components: Components,
): Readonly<Record<string, { readonly schema: Json }>> {
  const content = isContent(schema) ? schema.content : { 'application/json': { schema } };
  return Object.fromEntries(
    Object.entries(content).map(([type, { schema: inner }]) => [type, { schema: components.convert(inner) }]),
  );
}

/** Returns the description of a request body. A body whose schema permits null is optional. */
function bodyOf(schema: Json, components: Components): NonNullable<Operation['requestBody']> {
  const union = schema['anyOf'] as readonly Json[] | undefined;
  const optional = union?.some(({ type }) => type === 'null') === true;
  const given = optional ? union.find(({ type }) => type !== 'null') : schema;
  return { required: !optional, content: contentOf(given ?? schema, components) };
}

function responsesOf(schemas: unknown, components: Components): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(schemas as Record<string, Json>).map(([status, schema]) => {
      const given = schema['description'];
      const description = typeof given === 'string' ? given : (STATUS_CODES[status] ?? '');
      const isEmpty = schema['type'] === 'null';
      return [status, isEmpty ? { description } : { description, content: contentOf(schema, components) }];
    }),
  );
}

function operationOf({ schema = {} }: RouteOptions, components: Components): Operation {
  const { operationId = '', tag, summary = '', params, querystring, body, response, problems = [] } = schema;
  const parameters = [
    ...parametersOf(params, 'path', components),
    ...parametersOf(querystring, 'query', components),
  ];
  return {
    operationId,
    tags: tag === undefined ? [] : [tag],
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: bodyOf(body as Json, components) }),
    responses: { ...responsesOf(response, components), ...failuresOf(problems, body !== undefined) },
  };
}

/** Generates the OpenAPI document from the routes. */
function describe(routes: readonly RouteOptions[], { version, basePath }: ApiFacts): ApiDocument {
  const components = new Components();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = `/${route.url.slice(basePath.length)}`.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[String(route.method).toLowerCase()] = operationOf(route, components);
  }
  for (const schema of [{ ...Problem, description: problemsText }, WaitTimeout]) components.convert(schema);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Restante',
      version,
      description: 'The API of the mail sandbox. Errors are problem documents (RFC 9457).',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: basePath }],
    // A login is required only by a server that was started with `--web-auth`.
    security: [{}, { basic: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: components.schemas,
      responses: problemResponses,
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'The login of `--web-auth`.' },
      },
    },
  };
}

/**
 * Returns the document as JSON text. A parameter that several operations have is written once, as a component, and
 * the operations refer to it.
 */
function printDocument({ paths, components, ...document }: ApiDocument): string {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const uses = new Map<string, number>();
  for (const text of operations.flatMap(({ parameters = [] }) =>
    parameters.map((each) => JSON.stringify(each)),
  )) {
    uses.set(text, (uses.get(text) ?? 0) + 1);
  }
  // If different parameters have the same name, only the first one becomes a component.
  const shared = new Map<string, Parameter>();
  const share = (parameter: Parameter): Parameter | { readonly $ref: string } => {
    const { name } = parameter;
    const text = JSON.stringify(parameter);
    if (uses.get(text) === 1) return parameter;
    const known = shared.get(name) ?? parameter;
    shared.set(name, known);
    return JSON.stringify(known) === text ? { $ref: `#/components/parameters/${name}Param` } : parameter;
  };
  const short = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(
      Object.entries(methods).map(([method, operation]) => [
        method,
        { ...operation, ...(operation.parameters && { parameters: operation.parameters.map(share) }) },
      ]),
    ),
  ]);
  return printJson({
    ...document,
    paths: Object.fromEntries(short) as unknown,
    components: {
      parameters: Object.fromEntries([...shared].map(([name, parameter]) => [`${name}Param`, parameter])),
      ...components,
    },
  });
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
  let made: ApiDocument | undefined;
  const document = (): ApiDocument => (made ??= describe(routes, facts));
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(printDocument(document())),
  );
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(document())),
  );
}
