/** Tests the security header fields of every response of the HTTP listener, and which callers are accepted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { smallUi } from '../helpers/small-ui.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { ask } from './ask.ts';

const MAIL = Buffer.from(
  'Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n' +
    '--b\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>\r\n' +
    '--b\r\nContent-Type: image/svg+xml\r\nContent-Disposition: inline\r\n\r\n<svg onload="alert(1)"/>\r\n' +
    '--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n',
);

let sandbox: TestSandbox;
let id: string;
beforeAll(async () => {
  sandbox = await openTestSandbox(
    { basePath: '/mail/', webAuth: { user: 'ann', password: 'x' } },
    { ui: smallUi() },
  );
  [id = ''] = await sendRaw(sandbox.smtp, [MAIL]);
});
afterAll(() => sandbox.close());

const LOGIN = `Authorization: Basic ${Buffer.from('ann:x').toString('base64')}\r\n`;

/** Returns the header fields of a response as sent, with names in lower case. */
async function answer(
  line: string,
  headers = `Host: localhost\r\n${LOGIN}`,
  body = '',
): Promise<{ status: number; headers: ReadonlyMap<string, string> }> {
  const said = await ask(sandbox.url, `${line} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n${body}`);
  const [head = ''] = said.split('\r\n\r\n', 1);
  const lines = head.split('\r\n').slice(1);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(said)?.[1]),
    headers: new Map(
      lines.map((each) => [
        each.slice(0, each.indexOf(':')).toLowerCase(),
        each.slice(each.indexOf(':') + 2),
      ]),
    ),
  };
}

/** Returns requests for every kind of response: the request line, and the expected status. */
const kinds = (): readonly (readonly [string, number])[] => [
  ['GET /', 302],
  ['GET /mail/', 200],
  ['GET /mail/inbox/all', 200],
  ['GET /mail/assets/none.js', 404],
  ['GET /elsewhere', 404],
  ['GET /mail/livez', 200],
  ['GET /mail/readyz', 200],
  ['GET /mail/metrics', 200],
  ['GET /mail/api/docs', 200],
  ['GET /mail/api/openapi.json', 200],
  ['GET /mail/api/info', 200],
  ['GET /mail/api/messages', 200],
  ['GET /mail/api/messages?query=(', 400],
  ['GET /mail/api/messages?limit=0', 400],
  ['GET /mail/api/messages/none', 404],
  ['GET /mail/api/messages/wait?query=subject:none&timeout=1', 404],
  [`GET /mail/api/messages/${id}`, 200],
  [`HEAD /mail/api/messages/${id}`, 200],
  [`GET /mail/api/messages/${id}/raw`, 200],
  [`GET /mail/api/messages/${id}/html`, 200],
  [`GET /mail/api/messages/${id}/html?remote=true`, 200],
  [`GET /mail/api/messages/${id}/transcript`, 200],
  [`GET /mail/api/messages/${id}/checks`, 200],
  ...['1', '2', '3', '4'].map((part) => [`GET /mail/api/messages/${id}/parts/${part}`, 200] as const),
  [`DELETE /mail/api/messages`, 400],
  ['OPTIONS /mail/api/messages', 204],
  ['PUT /mail/api/messages', 405],
  ['GET /mail/api/events', 200],
];

function expectGuarded(headers: ReadonlyMap<string, string>): void {
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toMatch(/^default-src 'none'|^sandbox\b.*default-src 'none'/);
  expect(policy).not.toMatch(/script-src[^;]*('unsafe|\*|http|data:|blob:)/);
  if (!/\bsandbox\b/.test(policy)) {
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toContain("form-action 'none'");
    expect(policy).toContain("base-uri 'self'");
  }
  expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  for (const name of ['set-cookie', 'server', 'x-powered-by']) expect(headers.has(name)).toBe(false);
}

describe('every kind of response', () => {
  it('forbids sniffing, framing, scripts of other hosts and reading by other sites', async () => {
    for (const [line, status] of kinds()) {
      const got = line.endsWith('/events') ? await eventHeaders() : await answer(line);
      expect(got.status, line).toBe(status);
      try {
        expectGuarded(got.headers);
      } catch (error) {
        throw new Error(`${line}: ${JSON.stringify([...got.headers])}`, { cause: error });
      }
      const type = got.headers.get('content-type') ?? '';
      // Content of a mail is never a document of this site that could run scripts.
      if (/html|svg|xml|pdf/.test(type) && line.includes('/messages/'))
        expect(got.headers.get('content-security-policy'), line).toMatch(/^(?:sandbox|.*; sandbox)/);
    }
  });

  it('to an unauthorized caller has the same fields, and contains no data', async () => {
    for (const path of [
      '/',
      '/mail/',
      '/mail/api/messages',
      `/mail/api/messages/${id}/raw`,
      '/mail/api/none',
      '/x',
    ]) {
      for (const [headers, status] of [
        ['Host: localhost\r\n', 401],
        [`Host: localhost\r\n${LOGIN.slice(0, -5)}\r\n`, 401],
        [`Host: evil.test\r\n${LOGIN}`, 421],
        [`Host: localhost\r\nOrigin: http://evil.test\r\n${LOGIN}`, 403],
        [`Host: localhost\r\nOrigin: null\r\n${LOGIN}`, 403],
      ] as const) {
        const got = await answer(`GET ${path}`, headers);
        expect(got.status, `${path} ${headers}`).toBe(status);
        expectGuarded(got.headers);
      }
    }
  });
});

/** Returns the status and header fields of the event stream. The stream does not end, so the request is aborted. */
async function eventHeaders(): Promise<{ status: number; headers: ReadonlyMap<string, string> }> {
  const ended = new AbortController();
  const response = await fetch(new URL('api/events', sandbox.url), {
    headers: { accept: 'text/event-stream', authorization: LOGIN.slice('Authorization: '.length).trim() },
    signal: ended.signal,
  });
  const found = { status: response.status, headers: new Map(response.headers) };
  ended.abort();
  return found;
}

describe('a WebSocket', () => {
  const outcome = (headers: Record<string, string>, path = 'api/events'): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(new URL(path, sandbox.url.replace('http', 'ws')), { headers });
      socket.on('open', () => {
        socket.terminate();
        resolve(101);
      });
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const auth = { authorization: LOGIN.slice('Authorization: '.length).trim() };

  it('is opened for the server’s own pages and for programs with the login, and for no other caller', async () => {
    const own = new URL(sandbox.url).origin;
    expect(await outcome(auth)).toBe(101);
    expect(await outcome({ ...auth, origin: own })).toBe(101);
    expect(await outcome({ origin: own })).toBe(401);
    for (const origin of [
      'http://evil.test',
      'null',
      own.replace('127.0.0.1', 'localhost'),
      `${own}.evil.test`,
    ])
      expect(await outcome({ ...auth, origin }), origin).toBe(403);
    for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test'])
      expect(await outcome({ ...auth, host }), host).toBe(421);
    expect(await outcome(auth, '/api/events')).toBe(404);
  });
});

describe('requests that pages of other sites can send without a preflight', () => {
  it('change nothing, although the browser sends the login', async () => {
    const origin = `Host: localhost\r\nOrigin: http://evil.test\r\n${LOGIN}`;
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
    ]) {
      const body = '{"from":"a@x.test","to":"b@x.test"}';
      const headers = `${origin}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`;
      expect((await answer('POST /mail/api/messages', headers, body)).status).toBe(403);
      // A browser that does not report the origin of the page: the content type alone causes the refusal.
      const quiet = `Host: localhost\r\n${LOGIN}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`;
      expect([400, 415]).toContain((await answer('POST /mail/api/messages', quiet, body)).status);
    }
  });
});
