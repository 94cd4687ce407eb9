/** How a route is guarded: most need all checks, the exceptions say so in their configuration. */
import type { FastifyInstance } from 'fastify';

/**
 * - `probe`: answers whatever the Host, Origin and Sec-Fetch-Site fields say, and without a login.
 * - `metrics`: the same, with a login.
 * - `files`: the UI's own files, which hold nothing of anybody's mail: no check of the page that asks for them.
 * - `part`: a part of a message, which may be asked for with a frame token instead.
 */
export type Access = 'probe' | 'metrics' | 'files' | 'part';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
}

/** Methods by the paths of the routes that were registered. */
export interface RouteTable {
  /** Methods that the path has, sorted, HEAD and OPTIONS included; empty where no route matches. */
  methodsOf(path: string): readonly string[];
}

/** Collects the routes that are registered after the call. */
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
      const found = [...patterns].filter(([, pattern]) => pattern.test(path));
      return [...new Set(found.flatMap(([url]) => [...(methods.get(url) ?? [])]))].sort();
    },
  };
}

/** What Fastify's router takes for a route's path: `:name` is one piece, `*` the rest, a slash at the end is optional. */
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
