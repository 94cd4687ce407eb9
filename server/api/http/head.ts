/** HEAD requests, which routes see as GET: what is large need not be read for them. */
import type { IncomingMessage } from 'node:http';

const heads = new WeakSet<IncomingMessage>();

/** Makes a HEAD request one of GET; Node leaves the content out of its answer (RFC 9110 §9.3.2). */
export function asGet(request: IncomingMessage): void {
  if (request.method !== 'HEAD') return;
  request.method = 'GET';
  heads.add(request);
}

export const isHead = (request: IncomingMessage): boolean => heads.has(request);
