/**
 * The access checks of a route (login, host name, origin). Most routes have all checks; an exception is
 * declared in the configuration of the route.
 */
import type { FastifyInstance } from 'fastify';

/**
 * The routes that have other access checks than most routes:
 * - `probe`: the fields Host, Origin and Sec-Fetch-Site are not checked, and no login is required.
 * - `metrics`: these fields are not checked, but a login is required.
 * - `files`: the page that requests a file of the UI is not checked, because the files contain no mail.
 * - `part`: a part of a message may also be requested without these checks, with the token that the preview
 *   contains for the part.
 * - `key`: the route checks an API key of its own in the field Authorization, so no login is required.
 */
export type Access = 'probe' | 'metrics' | 'files' | 'part' | 'key';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
    /**
     * Whether the route requires an API key, because the service whose API the route imitates requires one. Any key is
     * accepted unless the server was started with `--web-auth`.
     */
    readonly apiKey?: boolean;
  }
}

/** The table of the registered routes: the HTTP methods of each path. */
export interface RouteTable {
  /**
   * Returns the HTTP methods that a path supports, sorted, including HEAD and OPTIONS; an empty list if no route
   * matches the path. If a route without parameters has exactly this path, routes with parameters are ignored.
   */
  methodsOf(path: string): readonly string[];
}

/** Collects the HTTP methods of the routes that are registered with the application after this call. */
export function collectMethods(app: FastifyInstance): RouteTable {
  const methods = new Map<string, Set<string>>();
  const patterns = new Map<string, RegExp>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set(['OPTIONS']);
    for (const each of [method].flat()) known.add(each);
    if (known.has('GET')) known.add('HEAD');
    methods.set(url, known);
    patterns.set(url, patternOf(url));
  });
  return {
    methodsOf(path) {
      const exact = methods.get(path.replace(/(?<=.)\/$/, ''));
      if (exact !== undefined) return [...exact].sort();
      const found = [...patterns].filter(([, pattern]) => pattern.test(path));
      return [...new Set(found.flatMap(([url]) => [...(methods.get(url) ?? [])]))].sort();
    },
  };
}

/**
 * Returns a regular expression for the paths that Fastify's router matches to a route: `:name` is one segment, `*`
 * is the rest of the path, a slash at the end is optional.
 */
function patternOf(url: string): RegExp {
  const source = url
    .replace(/\/$/, '')
    .split('/')
    .map((piece) => {
      if (piece === '*') return '.*';
      return piece.startsWith(':') ? '[^/]+' : piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}/?$`);
}
