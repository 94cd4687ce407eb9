/**
 * Handles the header field `Upgrade`: a server ignores protocols that it does not support (RFC 9110 §7.8).
 * Java's HTTP client requests an upgrade to `h2c` with every request, and curl does so with `--http2`.
 */
import type { IncomingMessage } from 'node:http';

/** The names of the header fields that request the change to another protocol (RFC 7540 §3.2.1). */
const OFFER = new Set(['upgrade', 'http2-settings']);

const tokens = (value: string): string[] => value.split(',').map((token) => token.trim());

/**
 * Returns whether a request asks for a WebSocket at the path of an event stream.
 *
 * @param isEventsPath returns whether a path, without a slash at its end, is the path of an event stream
 */
export function isWebSocketUpgrade(
  { method, url, headers }: IncomingMessage,
  isEventsPath: (path: string) => boolean,
): boolean {
  const path = (url ?? '').split('?')[0]?.replace(/\/$/, '') ?? '';
  const offered = tokens(headers.upgrade ?? '').map((token) => token.toLowerCase());
  return method === 'GET' && isEventsPath(path) && offered.includes('websocket');
}

/** Returns the head of a request as octets, without the fields that request the change to another protocol. */
export function withoutUpgrade({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method ?? ''} ${url ?? ''} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    const value = rawHeaders[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (OFFER.has(lower)) continue;
    const kept = tokens(value).filter((token) => !OFFER.has(token.toLowerCase()));
    if (lower !== 'connection') lines.push(`${name}: ${value}`);
    else if (kept.length > 0) lines.push(`${name}: ${kept.join(', ')}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
