/** Asking for WebSocket in ways that no client of WebSocket asks. */
import { expect, it } from 'vitest';
import { converse } from '../fuzz/converse.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

const get = (path: string, ...fields: readonly string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...fields, '', ''].join('\r\n');
const upgrade = (path: string): string =>
  get(
    path,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  );

it.each([
  ['an unanswered request', [get('/livez')]],
  ['several of them', [get('/api/messages'), get('/livez'), get('/api/info')]],
])('ends a connection on which an upgrade comes behind %s, once that is answered', async (_, before) => {
  const sandbox = await startTestSandbox();
  for (const path of ['/api/events', '/nothing']) {
    const input = Buffer.from([...before, upgrade(path)].join(''));
    const said = await converse(Number(new URL(sandbox.url).port), input);
    expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(before.map(() => 'HTTP/1.1 200'));
  }
});
