/**
 * Tests the field `Upgrade`: the event stream accepts WebSocket; all other protocols and paths ignore the field
 * (RFC 9110 §7.8).
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { ask } from '../hostile/ask.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

const request = (line: string, fields: readonly string[] = [], body = ''): string =>
  [`${line} HTTP/1.1`, 'Host: localhost', ...fields, '', body].join('\r\n');
const upgrade = (path: string): string =>
  request(`GET ${path}`, [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
  ]);
/** The header fields that curl and Java's HTTP client send to offer HTTP/2. */
const H2C = [
  'Connection: Upgrade, HTTP2-Settings',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
];
const CREATE = '{"address":"h2c@x.test"}';
const JSON_BODY = ['Content-Type: application/json', `Content-Length: ${CREATE.length}`];

const statuses = (said: string): string[] =>
  said.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(9)) ?? [];

/**
 * Sends requests and reads until the given number of responses has arrived. The client keeps its half of the connection
 * open, as a client that wants an upgrade does, because the store may answer later than the connection would end.
 */
async function untilAnswered(port: number, input: Buffer, count: number): Promise<string> {
  const socket = net.connect(port, '127.0.0.1').setEncoding('latin1');
  onTestFinished(() => void socket.destroy());
  socket.write(input);
  let said = '';
  for await (const text of socket) {
    said += String(text);
    if (statuses(said).length >= count) break;
  }
  return said;
}

it('ignores h2c, with a body and without, and keeps the connection', async () => {
  const { url, sandbox } = await startTestSandbox();
  const said = await ask(
    url,
    [
      request('GET /livez', H2C),
      request('POST /api/accounts', [...H2C, ...JSON_BODY], CREATE),
      request('POST /api/accounts', [...H2C, ...JSON_BODY], CREATE),
      request('GET /api/accounts', [...H2C.slice(1), 'Connection: close, Upgrade, HTTP2-Settings']),
    ].join(''),
  );
  expect(statuses(said)).toEqual(['200', '201', '409', '200']);
  expect(said).not.toMatch(/^upgrade:/im);
  expect((await sandbox.store.accounts.list({ limit: 9 })).accounts.map(({ name }) => name)).toContain(
    'h2c@x.test',
  );
});

it('ignores h2c on a connection with several requests', async () => {
  const { url } = await startTestSandbox();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number>();
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' };
  for (const path of ['livez', 'api/info', 'nothing', 'api/messages']) {
    const status = await new Promise<number>((resolve, reject) => {
      http
        .get(new URL(path, url), { agent, headers }, (response) => {
          ports.add(response.socket.localPort ?? 0);
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        })
        .on('error', reject);
    });
    expect(status).toBe(path === 'nothing' ? 404 : 200);
  }
  agent.destroy();
});

it('ignores any other protocol, and a WebSocket on another path', async () => {
  const { url } = await startTestSandbox();
  for (const offer of ['TLS/1.2', 'websocket', 'h2c, websocket', 'foo/1, bar']) {
    const fields = [`Upgrade: ${offer}`, 'Connection: upgrade, close'];
    const said = await ask(url, request('GET /api/info', fields) + request('GET /livez'));
    expect(statuses(said)).toEqual(['200']);
    expect(statuses(await ask(url, request('GET /nothing', fields)))).toEqual(['404']);
  }
  const socket = new WebSocket(new URL('api/nothing', url.replace('http', 'ws')));
  socket.on('error', () => undefined);
  const refused = await new Promise<number>((resolve) =>
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0)),
  );
  expect(refused).toBe(404);
});

it.each([
  ['an unanswered request', [request('GET /livez')]],
  ['several of them', [request('GET /api/messages'), request('GET /livez'), request('GET /api/info')]],
])('accepts an upgrade after %s, when the earlier responses are sent', async (_, before) => {
  const sandbox = await startTestSandbox();
  for (const [path, status] of [
    ['/api/events', '101'],
    ['/nothing', '404'],
  ] as const) {
    const input = Buffer.from([...before, upgrade(path)].join(''));
    const said = await untilAnswered(Number(new URL(sandbox.url).port), input, before.length + 1);
    expect(statuses(said)).toEqual([...before.map(() => '200'), status]);
  }
});

it('opens a WebSocket below a base path, with a query, and with an offer of more than one protocol', async () => {
  const sandbox = await startTestSandbox({ basePath: '/mail/' });
  const socket = new WebSocket(new URL('api/events?account=a@x.test', sandbox.url.replace('http', 'ws')), {
    headers: { upgrade: 'websocket, h2c' },
  });
  const hello = await new Promise<string>((resolve) =>
    socket.on('message', (data) => resolve((data as Buffer).toString())),
  );
  expect(JSON.parse(hello)).toMatchObject({ type: 'hello' });
  socket.terminate();
});

it.each([
  ['unknown host name', ['Host: sandbox.example.com'], 421],
  ['a page of another site', ['Host: localhost', 'Origin: https://other.test'], 403],
  ['a client without a login', ['Host: localhost'], 401],
])('closes the connection after it refused a WebSocket: %s', async (_, fields, status) => {
  const { url } = await startTestSandbox(status === 401 ? { webAuth: { user: 'ann', password: 'x' } } : {});
  // The client does not close its half of the connection.
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
  let said = '';
  socket.on('data', (chunk) => (said += String(chunk)));
  socket.write(upgrade('/api/events').replace('Host: localhost', fields.join('\r\n')));
  await once(socket, 'close');
  expect(statuses(said)).toEqual([String(status)]);
  expect(said).toMatch(/^connection: close\r$/im);
});
