/** OpenAPI 3.1, made from the routes and the contract, and a page to read it on. */
import type { FastifyInstance } from 'fastify';
import { docsPage, type ApiDocument } from './docs-page.ts';

export function openApiInfo(version: string, basePath: string) {
  return {
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
  };
}

export function documentRoutes(app: FastifyInstance): void {
  let json: string | undefined;
  const document = (): string => (json ??= JSON.stringify(app.swagger(), null, 2));
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json').send(document()),
  );
  app.get('/docs', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(docsPage(JSON.parse(document()) as ApiDocument)),
  );
}
