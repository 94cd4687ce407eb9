/**
 * `Upgrade`: a server ignores what it does not support (RFC 9110 §7.8). Java's HTTP client asks for `h2c` with every
 * request, curl with `--http2`.
 */
import type { IncomingMessage } from 'node:http';

/** Fields that belong to the offer of another protocol (RFC 7540 §3.2.1). */
const OFFER = new Set(['upgrade', 'http2-settings']);

const tokens = (value: string): string[] => value.split(',').map((token) => token.trim());

/** Whether the client asks for a WebSocket where there is one. */
export function isWebSocketUpgrade({ method, url, headers }: IncomingMessage, eventsPath: string): boolean {
  const path = (url ?? '').split('?')[0]?.replace(/\/$/, '');
  const offered = tokens(headers.upgrade ?? '').map((token) => token.toLowerCase());
  return method === 'GET' && path === eventsPath && offered.includes('websocket');
}

/** The head of the request as octets, without the offer. */
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
