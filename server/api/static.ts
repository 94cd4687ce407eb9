/**
 * Serves the built UI: its files, and its page for all paths of the UI's router. The build of the UI writes the
 * list of these paths next to the page.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from './deps.ts';
import { notFound } from '../../contract/problems.ts';

/** The names of the files in the directory of the built UI. */
const PAGE = 'index.html';
const ROUTES = 'routes.json';

/** The topic with which a server asks the other servers on the same store for a file of the built UI. */
const TOPIC = 'ui-file';
/** Matches the names of files whose content never changes: the names contain a hash of the content. */
const HASHED = /^[\w.-]+-[\w-]{8}\.(?<extension>\w+)$/;
const TYPES: Readonly<Record<string, string>> = {
  js: 'application/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};
/** The time for which the files in `assets` can be cached: their names contain a hash of the content. */
const KEPT = { immutable: true, maxAge: '365d' } as const;

const HIDDEN = { schema: { hide: true } } as const;

/**
 * Converts a path of the UI's router to paths of Fastify's router: a path with optional segments becomes
 * several paths.
 */
function variants(route: string): string[] {
  const pieces = route.split('/').slice(1);
  const required = pieces.filter((piece) => !piece.endsWith('?')).length;
  return Array.from({ length: pieces.length - required + 1 }, (_, optional) =>
    ['', ...pieces.slice(0, required + optional).map((piece) => piece.replace(/\?$/, ''))].join('/'),
  );
}

/**
 * The values of the header field Sec-Fetch-Dest for which the page of the UI is sent; a request for an image
 * or a script must not receive the page.
 */
const PAGE_USES = new Set(['document', 'iframe', 'frame', 'empty']);

const isLoad = ({ headers }: FastifyRequest): boolean =>
  !PAGE_USES.has(headers['sec-fetch-dest'] ?? 'document');

export async function staticRoutes(app: FastifyInstance, { ui, basePath, store }: ApiDeps): Promise<void> {
  if (ui === null) {
    app.get('/', HIDDEN, async () => {
      throw notFound('The web UI is not built: run npm start, or npm run build');
    });
    return;
  }
  await app.register(fastifyStatic, { root: path.join(ui, 'assets'), serve: false });
  const files = new Set(await readdir(path.join(ui, 'assets')));
  const noLongerAnswer = store.nodes.answer<string, string | null>(TOPIC, async (name) =>
    files.has(name) ? readFile(path.join(ui, 'assets', name), 'base64') : null,
  );
  app.addHook('onClose', async () => noLongerAnswer());
  app.get('/assets/*', { ...HIDDEN, config: { access: 'files' } }, async (request, reply) => {
    const name = (request.params as { '*': string })['*'];
    const type = TYPES[HASHED.exec(name)?.groups?.['extension'] ?? ''];
    if (files.has(name) || type === undefined) return reply.sendFile(name, KEPT);
    // While the servers on one store are upgraded one after the other, a page of one version may request its files from
    // a server of another version, which then asks the other servers for the file.
    const found = (await store.nodes.ask<string | null>(TOPIC, name)).find((file) => file !== null);
    if (found == null) return reply.sendFile(name, KEPT);
    reply.type(type).header('cache-control', 'public, max-age=31536000, immutable');
    return reply.send(Buffer.from(found, 'base64'));
  });
  const built = await readFile(path.join(ui, PAGE), 'utf8');
  const [, icon] = /<link rel="icon" href="\.\/assets\/([^"]+)"/.exec(built) ?? [];
  if (icon !== undefined) {
    // Browsers request `/favicon.ico` for documents that name no icon, such as the bytes of a message.
    app.get('/favicon.ico', { ...HIDDEN, config: { access: 'files' } }, async (_request, reply) =>
      reply.sendFile(icon, { maxAge: '1d' }),
    );
  }
  const page = built.replace(/<base href="[^"]*"/, `<base href="${basePath}"`);
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (isLoad(request)) throw notFound(`${request.url} is a page of the web UI`);
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
  };
  const routes = JSON.parse(await readFile(path.join(ui, ROUTES), 'utf8')) as readonly string[];
  for (const url of routes.flatMap(variants)) {
    app.get(url, HIDDEN, url === '/' ? belowBasePath(basePath, serve) : serve);
  }
}

/**
 * Redirects a URL that has no slash after the base path to the base path with the slash, so that relative
 * URLs in the page are correct.
 */
function belowBasePath<T>(
  basePath: string,
  serve: (request: FastifyRequest, reply: FastifyReply) => Promise<T>,
) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<T | FastifyReply> => {
    const [asked = '', ...query] = request.url.split('?');
    if (asked.endsWith('/')) return serve(request, reply);
    return reply.redirect([basePath, ...query].join('?'));
  };
}
