import http from 'node:http';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

/** A request with headers that `fetch` would not let through. */
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

describe('Host', () => {
  it.each(['localhost', 'localhost:8025', '127.0.0.1', '[::1]:80', 'app.localhost', '192.168.0.7'])(
    'may be %s',
    async (host) => {
      expect((await request(await startTestSandbox(), 'api/info', { host })).statusCode).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example'])(
    'may not be %j',
    async (host) => {
      expect(
        (await request(await startTestSandbox(), 'api/info', { host })).statusCode,
      ).toBeGreaterThanOrEqual(400);
    },
  );

  it('may be one that --allow-origin names', async () => {
    const sandbox = await startTestSandbox({ allowOrigin: ['https://mail.team.example'] });
    expect((await request(sandbox, 'api/info', { host: 'mail.team.example' })).statusCode).toBe(200);
  });
});

describe('Origin', () => {
  it('of another site is refused, for requests and sockets', async () => {
    const sandbox = await startTestSandbox();
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      expect((await request(sandbox, 'api/messages', { origin })).statusCode).toBe(403);
      expect(await socketOutcome(sandbox, origin)).toBe(403);
    }
  });

  it('of our own pages, and of those named, is not', async () => {
    const sandbox = await startTestSandbox({ allowOrigin: ['https://app.example'] });
    const own = new URL(sandbox.url).origin;
    expect((await request(sandbox, 'api/messages', { origin: own })).statusCode).toBe(200);
    expect((await request(sandbox, 'api/messages', { origin: 'https://app.example' })).statusCode).toBe(200);
    expect(await socketOutcome(sandbox, own)).toBe('open');
  });

  it('is never reflected', async () => {
    const response = await request(await startTestSandbox(), 'api/messages', {
      origin: 'https://evil.example',
    });
    expect(response.headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('--web-auth', () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

  it('asks for the login everywhere but at the probes', async () => {
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

describe('every answer', () => {
  it('forbids sniffing, framing by others, and content from elsewhere', async () => {
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
  it('moves everything, and leads there from the root', async () => {
    const sandbox = await startTestSandbox({ basePath: '/mail/' });
    expect(sandbox.url).toMatch(/\/mail\/$/);
    expect((await sandbox.api('info')).status).toBe(200);
    expect((await fetch(new URL('/api/info', sandbox.url))).status).toBe(404);
    expect((await fetch(new URL('/', sandbox.url), { redirect: 'manual' })).headers.get('location')).toBe(
      '/mail/',
    );
  });
});
