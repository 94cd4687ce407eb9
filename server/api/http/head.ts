/**
 * Converts HEAD requests to GET requests. A route can check whether the request was HEAD, to avoid reading
 * large content.
 */
import type { IncomingMessage } from 'node:http';

const heads = new WeakSet<IncomingMessage>();

/**
 * Changes the method of a HEAD request to GET; Node then omits the content of the response (RFC 9110 §9.3.2).
 */
export function asGet(request: IncomingMessage): void {
  if (request.method !== 'HEAD') return;
  request.method = 'GET';
  heads.add(request);
}

export const isHead = (request: IncomingMessage): boolean => heads.has(request);
