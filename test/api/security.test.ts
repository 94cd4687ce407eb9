import http from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { smallUi } from '../helpers/small-ui.ts';

/** Sends a request with header fields that `fetch` does not permit. */
function request(
  sandbox: TestSandbox,
  path: string,
  headers: Record<string, string>,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http
      .get(new URL(path, sandbox.url), { headers }, (response) => {
        response.resume();
        resolve(response);
      })
      .on('error', reject);
  });
}

/** Returns the response of `request` with its content. */
async function answer(sandbox: TestSandbox, path: string, headers: Record<string, string>) {
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string; json(): unknown }>(
    (resolve, reject) => {
      http
        .get(new URL(path, sandbox.url), { headers }, (response) => {
          let body = '';
          response.on('data', (chunk) => (body += String(chunk)));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body,
              json: () => JSON.parse(body) as unknown,
            }),
          );
        })
        .on('error', reject);
    },
  );
}

function socketOutcome(sandbox: TestSandbox, origin: string): Promise<string | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(new URL('api/events', sandbox.url.replace('http', 'ws')), { origin });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

const statusOf = async (
  sandbox: TestSandbox,
  path: string,
  headers: Record<string, string>,
): Promise<number | undefined> => (await request(sandbox, path, headers)).statusCode;

describe('Host', () => {
  it.each([
    'localhost',
    'localhost:8025',
    'LOCALHOST.',
    '127.0.0.1',
    '[::1]:80',
    '[fe80::1]',
    'app.localhost',
    '192.168.0.7',
    '203.0.113.9:8025',
    'restante',
    'my_app_mail_1:8025',
    'host.docker.internal:8025',
    'restante.internal',
  ])('may be %s', async (host) => {
    expect(await statusOf(await startTestSandbox(), 'api/info', { host })).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'internal.evil.example',
    'evilinternal.example',
    'a@localhost',
    'localhost/evil.example',
  ])('may not be %j', async (host) => {
    expect(await statusOf(await startTestSandbox(), 'api/info', { host })).toBeGreaterThanOrEqual(400);
  });

  it('gets the option that would allow it, if it is refused', async () => {
    const sandbox = await startTestSandbox();
    const response = await answer(sandbox, 'api/info', { host: 'mail.example:8080' });
    expect(response.status).toBe(421);
    expect(response.json()).toMatchObject({
      type: 'urn:restante:host',
      option: '--allow-origin http://mail.example:8080',
      detail: expect.stringContaining('start it with --allow-origin http://mail.example:8080') as string,
    });
    const behindTls = { host: 'mail.example', 'x-forwarded-proto': 'https' };
    expect((await answer(sandbox, 'api/info', behindTls)).json()).toMatchObject({
      option: '--allow-origin https://mail.example',
    });
    const page = await answer(sandbox, '', { host: 'mail.example', accept: 'text/html' });
    expect(page.status).toBe(421);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).toContain('<code>--allow-origin http://mail.example</code>');
  });

  it('may be one that --allow-origin names, also with a wildcard', async () => {
    const named = await startTestSandbox({ allowOrigin: ['https://mail.team.example'] });
    expect(await statusOf(named, 'api/info', { host: 'mail.team.example' })).toBe(200);
    const wild = await startTestSandbox({ allowOrigin: ['https://*.team.example'] });
    expect(await statusOf(wild, 'api/info', { host: 'a.b.team.example:99' })).toBe(200);
    expect(await statusOf(wild, 'api/info', { host: 'team.example' })).toBe(421);
    const any = await startTestSandbox({ allowOrigin: ['*'] });
    expect(await statusOf(any, 'api/info', { host: 'evil.example' })).toBe(200);
  });

  it('is not checked for probes', async () => {
    const sandbox = await startTestSandbox();
    const odd = { host: 'pod-7.mail.svc.cluster.example', origin: 'https://evil.example' };
    for (const path of ['livez', 'readyz', 'metrics']) expect(await statusOf(sandbox, path, odd)).toBe(200);
  });
});

describe('Origin', () => {
  it('of another site is refused, for requests and sockets', async () => {
    const sandbox = await startTestSandbox();
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      expect(await statusOf(sandbox, 'api/messages', { origin })).toBe(403);
      expect(await socketOutcome(sandbox, origin)).toBe(403);
    }
  });

  it('of the server’s own pages and of permitted pages is accepted', async () => {
    const sandbox = await startTestSandbox({ allowOrigin: ['https://app.example', 'http://localhost:*'] });
    const own = new URL(sandbox.url).origin;
    for (const origin of [own, 'https://app.example', 'http://localhost:5173']) {
      expect(await statusOf(sandbox, 'api/messages', { origin })).toBe(200);
      expect(await socketOutcome(sandbox, origin)).toBe('open');
    }
    expect(await statusOf(sandbox, 'api/messages', { origin: 'http://app.example' })).toBe(403);
  });

  it('may be https if a proxy that keeps Host terminates TLS; its port must be that of Host', async () => {
    const sandbox = await startTestSandbox();
    const behind = { host: 'localhost:8443', origin: 'https://localhost:8443' };
    expect(await statusOf(sandbox, 'api/messages', behind)).toBe(200);
    expect(
      await statusOf(sandbox, 'api/messages', {
        host: 'mail.localhost:443',
        origin: 'https://mail.localhost',
      }),
    ).toBe(200);
    expect(
      await statusOf(sandbox, 'api/messages', { host: 'localhost:8443', origin: 'https://localhost' }),
    ).toBe(403);
  });

  it('is not checked if Sec-Fetch-Site of the browser is same-origin, because a proxy may change Host', async () => {
    const sandbox = await startTestSandbox();
    const changed = { host: '127.0.0.1:8025', origin: 'http://mail.localhost' };
    const refused = await answer(sandbox, 'api/messages', changed);
    expect(refused.status).toBe(403);
    expect(refused.json()).toMatchObject({ option: '--allow-origin http://mail.localhost' });
    expect(await statusOf(sandbox, 'api/messages', { ...changed, 'sec-fetch-site': 'same-origin' })).toBe(
      200,
    );
  });

  it('is not checked for the files of the UI', async () => {
    const sandbox = await startTestSandbox({}, { ui: smallUi() });
    const page = await (await fetch(sandbox.url)).text();
    const file = /assets\/index-[^"]*\.js/.exec(page)?.[0] ?? '';
    for (const headers of [
      { host: '127.0.0.1:8025', origin: 'http://mail.localhost' },
      { host: 'localhost:8443', origin: 'https://localhost:8443', 'x-forwarded-proto': 'https' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ])
      expect(await statusOf(sandbox, file, headers)).toBe(200);
  });

  it('is never reflected, unless --allow-origin names it', async () => {
    const closed = await request(await startTestSandbox(), 'api/messages', {
      origin: 'https://evil.example',
    });
    expect(closed.headers['access-control-allow-origin']).toBeUndefined();
    const sandbox = await startTestSandbox({
      allowOrigin: ['https://app.example'],
      webAuth: { user: 'ann', password: 'x' },
    });
    const evil = await request(sandbox, 'api/messages', { origin: 'https://evil.example' });
    expect(evil.headers['access-control-allow-origin']).toBeUndefined();
    expect(evil.headers.vary).toBe('origin');
    const preflight = await fetch(new URL('api/messages', sandbox.url), {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'DELETE' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
    // The page may read the refusal, too, so that it learns that a login is required.
    const app = await request(sandbox, 'api/messages', { origin: 'https://app.example' });
    expect([app.statusCode, app.headers['access-control-allow-origin']]).toEqual([
      401,
      'https://app.example',
    ]);
  });
});

describe('Sec-Fetch-Site', () => {
  const image = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
  const going = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

  it.each(['cross-site', 'same-site'])('of %s is refused except for navigation and files', async (site) => {
    const sandbox = await startTestSandbox({}, { ui: smallUi() });
    for (const path of [
      'api/messages?query=x',
      'api/messages/wait?timeout=0',
      'api/openapi.json',
      'inbox/all',
      'x',
    ])
      expect(await statusOf(sandbox, path, { 'sec-fetch-site': site, ...image }), path).toBe(403);
    const frame = { ...going, 'sec-fetch-dest': 'iframe' };
    expect(await statusOf(sandbox, 'api/messages', { 'sec-fetch-site': site, ...frame })).toBe(403);
    for (const path of ['', 'inbox/all', 'api/docs'])
      expect(await statusOf(sandbox, path, { 'sec-fetch-site': site, ...going }), path).toBe(200);
    expect(await statusOf(sandbox, 'livez', { 'sec-fetch-site': site, ...image })).toBe(200);
  });

  it('of a permitted page, of the server’s own page and of a person is accepted', async () => {
    const sandbox = await startTestSandbox({ allowOrigin: ['https://app.example'] });
    const allowed = {
      origin: 'https://app.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'cors',
    };
    expect(await statusOf(sandbox, 'api/messages', allowed)).toBe(200);
    for (const site of ['same-origin', 'none'])
      expect(await statusOf(sandbox, 'api/messages', { 'sec-fetch-site': site, ...image })).toBe(200);
  });
});

describe('--web-auth', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it('requires the login for everything except the probes', async () => {
    const sandbox = await startTestSandbox({ webAuth: { user: 'ann', password: 'pa:ss wörd' } });
    for (const path of ['', 'api/messages', 'api/docs', 'metrics', 'assets/x.js']) {
      const refused = await request(sandbox, path, {});
      expect(refused.statusCode).toBe(401);
      expect(refused.headers['www-authenticate']).toMatch(/^Basic realm=/);
    }
    expect((await request(sandbox, 'api/messages', basic('ann:pa:ss wörd'))).statusCode).toBe(200);
    expect((await request(sandbox, 'api/messages', basic('ann:pa'))).statusCode).toBe(401);
    expect((await request(sandbox, 'livez', {})).statusCode).toBe(200);
    expect((await request(sandbox, 'readyz', {})).statusCode).toBe(200);
    expect(await socketOutcome(sandbox, new URL(sandbox.url).origin)).toBe(401);
  });
});

describe('every response', () => {
  it('forbids sniffing, framing by other sites, and content of other hosts', async () => {
    const sandbox = await startTestSandbox();
    for (const path of ['api/messages', 'api/docs', 'api/nowhere', 'livez', '']) {
      const { headers } = await request(sandbox, path, {});
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'self'");
      expect(policy).not.toMatch(/script-src[^;]*(unsafe|\*|http)/);
    }
  });
});

describe('--base-path', () => {
  it('moves all paths, and redirects from the root', async () => {
    const sandbox = await startTestSandbox({ basePath: '/mail/' });
    expect(sandbox.url).toMatch(/\/mail\/$/);
    expect((await sandbox.api('info')).status).toBe(200);
    expect((await fetch(new URL('/api/info', sandbox.url))).status).toBe(404);
    expect((await fetch(new URL('/', sandbox.url), { redirect: 'manual' })).headers.get('location')).toBe(
      '/mail/',
    );
  });
});
