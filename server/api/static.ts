/** The built UI: its files, and its page for every other path, told where it is served. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from './deps.ts';
import { ApiProblem, sendProblem } from './problem.ts';

export async function staticRoutes(app: FastifyInstance, { ui, basePath }: ApiDeps): Promise<void> {
  let page: string | undefined;
  if (ui !== null) {
    await app.register(fastifyStatic, {
      root: path.join(ui, 'assets'),
      prefix: '/assets/',
      // Names hold a hash of the content.
      immutable: true,
      maxAge: '365d',
    });
    page = (await readFile(path.join(ui, 'index.html'), 'utf8')).replace(
      /<base href="[^"]*"/,
      `<base href="${basePath}"`,
    );
  }
  app.setNotFoundHandler(async (request, reply) => {
    const wanted = request.url.slice(basePath.length - 1);
    const isPage = request.method === 'GET' && !wanted.startsWith('/api') && !wanted.startsWith('/assets/');
    if (isPage && page !== undefined) {
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
    }
    const detail = isPage
      ? 'The web UI is not built: run npm start, or npm run build'
      : `${request.method} ${request.url}`;
    return sendProblem(reply, new ApiProblem(404, 'not-found', 'There is nothing here', { detail }).problem);
  });
}
