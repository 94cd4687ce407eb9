/**
 * Tests requests to unknown paths, with unsupported methods, and requests that cannot be parsed: the response is
 * always a problem document.
 */
import http from 'node:http';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../contract/index.ts';
import { openTestSandbox, startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { smallUi } from '../helpers/small-ui.ts';
import { ask } from '../hostile/ask.ts';
import { paths } from '../../ui/paths.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox({}, { ui: smallUi() });
});
afterAll(() => sandbox.close());

const at = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(new URL(path, sandbox.url), { redirect: 'manual', ...init });

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const problem = (await response.json()) as Problem;
  expect(problem).toMatchObject({ status: response.status, type: /^urn:restante:/ });
  expect(problem).not.toHaveProperty('statusCode');
  return problem;
}

describe('a path without a route', () => {
  it.each([
    randomBytes(6).toString('hex'),
    '.well-known/appspecific/com.chrome.devtools.json',
    '.well-known/acme-challenge/x',
    'robots.txt',
    'inbox',
    'inbox/',
    'inbox/all/1/preview/more',
    'compare/1',
    'assets',
    'index.html',
    'routes.json',
    'api/nothing',
    'api/messages/1/2/3/4/5',
  ])('responds with 404: %s', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const response = await at(path, { method });
      expect(response.status, method).toBe(404);
      expect((await problemOf(response)).type).toBe('urn:restante:not-found');
    }
    expect((await at(path, { method: 'HEAD' })).status).toBe(404);
  });

  it('leads to no file outside the assets', async () => {
    const response = await at('assets/..%2findex.html');
    expect(response.status).toBe(403);
    await problemOf(response);
  });

  it('returns an HTML page for a person who opens it in a browser', async () => {
    const response = await at('nothing/<script>', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).not.toContain('<script>');
  });
});

it('serves the icon of the UI to browsers that request favicon.ico', async () => {
  const response = await at('favicon.ico', { headers: { 'sec-fetch-dest': 'image' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect(await response.text()).toContain('<svg');
});

describe('the page of the UI', () => {
  it('is sent for the paths of its own views, and not for resources of a page', async () => {
    const addresses = Object.values(paths).flatMap((path) => {
      const filled = path.replaceAll(/:\w+(\?)?/g, (_, optional?: string) => (optional ? '' : 'x@x.test'));
      return [filled.replace(/\/+$/, ''), path.replaceAll(/:\w+\??/g, 'x')];
    });
    for (const address of addresses) {
      const response = await at(`.${address}`);
      expect(response.status, address).toBe(200);
      expect(await response.text()).toContain('<div id="app">');
      const load = await at(`.${address}`, { headers: { 'sec-fetch-dest': 'image' } });
      expect(load.status, address).toBe(404);
    }
  });
});

describe('another method', () => {
  it.each([
    ['/', 'POST', 'GET, HEAD, OPTIONS'],
    ['/inbox/all', 'DELETE', 'GET, HEAD, OPTIONS'],
    ['/livez', 'POST', 'GET, HEAD, OPTIONS'],
    ['/api/info', 'DELETE', 'GET, HEAD, OPTIONS'],
    ['/api/messages', 'PUT', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST'],
    ['/api/messages/1', 'POST', 'DELETE, GET, HEAD, OPTIONS, PATCH'],
    ['/api/rules/check', 'GET', 'OPTIONS, POST'],
    ['/api/messages', 'QUERY', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST'],
    ['/api/rules/1', 'PATCH', 'DELETE, GET, HEAD, OPTIONS, PUT'],
    ['/api/deliveries/1/retry', 'GET', 'OPTIONS, POST'],
    ['/api/messages', 'PROPFIND', 'DELETE, GET, HEAD, OPTIONS, PATCH, POST'],
    ['/assets/x.js', 'POST', 'GET, HEAD, OPTIONS'],
  ])('of %s responds with 405 and the supported methods: %s', async (path, method, allow) => {
    // The path `rules/check` also matches the route of a rule with the id `check`.
    if (path !== '/api/rules/check') {
      const response = await at(path, { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allow);
      expect((await problemOf(response)).type).toBe('urn:restante:method');
    }
    const options = await at(path, { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toBe(allow);
  });

  it('that requests a tunnel is refused', async () => {
    const said = await ask(
      sandbox.url,
      'CONNECT example.test:443 HTTP/1.1\r\nHost: example.test:443\r\n\r\n',
    );
    expect(said).toMatch(/^HTTP\/1\.1 405 /);
    expect(said).toContain('application/problem+json');
  });
});

describe('a request that cannot be parsed', () => {
  const raw = async (request: string): Promise<{ status: number; problem: Problem }> => {
    const said = await ask(sandbox.url, request);
    const [head = '', body = ''] = said.split('\r\n\r\n');
    expect(head.toLowerCase()).toContain('content-type: application/problem+json');
    expect(head.toLowerCase()).toContain('x-content-type-options: nosniff');
    const problem = JSON.parse(body) as Problem;
    return { status: Number(said.slice(9, 12)), problem };
  };
  const json = 'Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';

  it.each([
    [
      'a malformed address',
      'GET /api/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
      'bad-request',
    ],
    [
      'a malformed address of a view',
      'GET /inbox/%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
      'bad-request',
    ],
    [
      'an overlong piece of an address',
      `GET /api/accounts/${'x'.repeat(2000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      405,
      'method',
    ],
    [
      'an overlong address',
      `GET /api/messages?query=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      431,
      'too-large',
    ],
    [
      'overlong fields',
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'too-large',
    ],
    ['no HTTP', 'EHLO app.x.test\r\n\r\n', 400, 'bad-request'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'bad-request'],
    ['no host', 'GET /api/info HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad-request'],
    ['broken JSON', `POST /api/accounts HTTP/1.1\r\n${json}Content-Length: 2\r\n\r\n{"`, 400, 'bad-request'],
    ['empty JSON', `POST /api/accounts HTTP/1.1\r\n${json}Content-Length: 0\r\n\r\n`, 400, 'bad-request'],
    ['a JSON list', `POST /api/accounts HTTP/1.1\r\n${json}Content-Length: 2\r\n\r\n[]`, 400, 'bad-request'],
    [
      'another type',
      `POST /api/accounts HTTP/1.1\r\n${json.replace('json', 'xml')}Content-Length: 2\r\n\r\n{}`,
      415,
      'media-type',
    ],
    [
      'no type',
      `POST /api/accounts HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
      415,
      'media-type',
    ],
    [
      'a body above the limit',
      `POST /api/accounts HTTP/1.1\r\n${json}Content-Length: 9999999\r\n\r\n{`,
      413,
      'too-large',
    ],
    [
      'a broken chunk',
      `POST /api/accounts HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'bad-request',
    ],
    [
      'two lengths',
      `POST /api/accounts HTTP/1.1\r\n${json}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      'bad-request',
    ],
    [
      'an unknown expectation',
      `POST /api/accounts HTTP/1.1\r\n${json}Expect: magic\r\nContent-Length: 0\r\n\r\n`,
      417,
      'expectation',
    ],
  ])('%s', async (_, request, status, type) => {
    const got = await raw(request);
    expect(got.status).toBe(status);
    expect(got.problem).toMatchObject({ status, type: `urn:restante:${type}` });
  });

  it('is refused after the responses to the previous requests', async () => {
    const said = await ask(sandbox.url, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nnonsense\r\n\r\n');
    expect(said.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('continues for a client that waits for 100 Continue', async () => {
    const body = '{}';
    const said = await ask(
      sandbox.url,
      `POST /api/accounts HTTP/1.1\r\n${json}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(said.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 201']);
  });
});

describe('a client of an old or unusual kind', () => {
  it('may use HTTP/1.0 without a host, or the absolute form of the URL', async () => {
    expect(await ask(sandbox.url, 'GET /api/info HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200/);
    const whole = `GET ${sandbox.url}api/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    expect(await ask(sandbox.url, whole)).toMatch(/^HTTP\/1\.1 200/);
    const evil = 'GET http://evil.example/api/info HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    expect(await ask(sandbox.url, evil)).toMatch(/^HTTP\/1\.1 421/);
  });
});

describe('--base-path', () => {
  it('is found without its slash, regardless of the query', async () => {
    const { url } = await startTestSandbox({ basePath: '/a/mail/' }, { ui: smallUi() });
    const root = new URL('/', url);
    for (const [path, location] of [
      ['/a/mail', '/a/mail/'],
      ['/a/mail?q=x&y', '/a/mail/?q=x&y'],
      ['/', '/a/mail/'],
    ] as const) {
      const response = await fetch(new URL(path, root), { redirect: 'manual' });
      expect([response.status, response.headers.get('location')]).toEqual([302, location]);
    }
    expect(await (await fetch(new URL('/a/mail', root))).text()).toContain('<base href="/a/mail/"');
    for (const path of ['/a', '/a/mailx', '/mail', '/api/info', '/a/mail/x']) {
      const response = await fetch(new URL(path, root));
      expect(response.status, path).toBe(404);
      expect(((await response.json()) as Problem).type).toBe('urn:restante:not-found');
    }
    const posted = await fetch(new URL('/a/mail', root), { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

it('refuses a method of HTTP that no path supports', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    http
      .request(new URL('api/info', sandbox.url), { method: 'TRACE' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(405);
});
