/**
 * Tests nginx as a reverse proxy, with `proxy_pass` alone and with the configuration of docs/operations.md: the UI
 * in a browser.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { browserForFile } from '../e2e/browser-page.ts';
import { messages, send } from '../e2e/seed.ts';
import { certificate } from '../helpers/certificate.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed } from '../helpers/tool.ts';

const skip = !installed('nginx');

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when something accepts connections at the port. */
async function listening(port: number): Promise<void> {
  await expect
    .poll(
      () =>
        new Promise<boolean>((resolve) => {
          const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(true);
          });
          socket.on('error', () => resolve(false));
        }),
    )
    .toBe(true);
}

/**
 * Starts nginx with one server; `$PORT` in its lines is replaced by the port of the sandbox. Returns the port of
 * nginx.
 */
async function startNginx(sandbox: TestSandbox, lines: string, tls = false): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'restante-nginx-'));
  const port = await freePort();
  const secure = tls ? `ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;` : '';
  const at = (name: string): string => path.join(folder, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${at(kind)};`,
  );
  await writeFile(at('cert.pem'), certificate.cert);
  await writeFile(at('key.pem'), certificate.key);
  await writeFile(
    at('nginx.conf'),
    `daemon off; master_process off; pid ${at('pid')}; error_log ${at('error.log')};
events {}
http { access_log off; ${temporary.join(' ')}
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server { listen 127.0.0.1:${port}${tls ? ' ssl' : ''}; ${secure}
    ${lines.replaceAll('$PORT', new URL(sandbox.url).port)}
  }
}`,
  );
  const child = spawn('nginx', ['-c', at('nginx.conf'), '-p', folder, '-e', at('error.log')], {
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  });
  await listening(port);
  return port;
}

const PLAIN = 'location / { proxy_pass http://127.0.0.1:$PORT; }';
const RIGHT = `location / {
  proxy_pass http://127.0.0.1:$PORT;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header Upgrade $http_upgrade;
  proxy_set_header Connection $connection_upgrade;
  proxy_buffering off;
  proxy_read_timeout 10m;
  client_max_body_size 0;
}`;

/** Resolves with the first frame of the event stream, or with the status of the refusal. */
function hello(url: string, origin: string): Promise<string | number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}api/events`, {
      headers: { origin },
      ca: certificate.cert,
    });
    socket.on('message', (data) => {
      resolve((JSON.parse((data as Buffer).toString()) as { type: string }).type);
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
}

const open = browserForFile();
/** The error of a WebSocket that nginx does not pass on; the page then uses SSE. */
const NO_SOCKET = /WebSocket|426|40[034]/;

/** Opens the first message and marks it, which only a page of the same server may do. */
async function useUi(url: string): Promise<void> {
  const { page } = await open({ url }, '', { errors: NO_SOCKET });
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  const marked = await page.evaluate<number>(
    `fetch(document.baseURI + 'api/messages?all=true', {method: 'PATCH', headers: {'content-type': 'application/json'}, body: '{"flagged":true}'}).then(({status}) => status)`,
  );
  expect(marked).toBe(200);
  expect(await page.locator('[data-refused]').count()).toBe(0);
}

describe.skipIf(skip)(skip ? 'nginx (not installed)' : 'nginx', () => {
  it('with proxy_pass alone serves the page on this machine', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const port = await startNginx(sandbox, PLAIN);
    await useUi(`http://localhost:${port}/`);
  });

  it('with proxy_pass alone lets the page show the required option under another name', async () => {
    const sandbox = await startTestSandbox();
    const port = await startNginx(sandbox, PLAIN);
    const headers = { origin: `http://mail.lan:${port}`, 'content-type': 'application/json' };
    const refused = await fetch(`http://127.0.0.1:${port}/api/accounts`, {
      method: 'POST',
      body: '{}',
      headers,
    });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ option: `--allow-origin http://mail.lan:${port}` });
    const allowing = await startTestSandbox({ allowOrigin: [`http://mail.lan:${port}`] });
    const second = await startNginx(allowing, PLAIN);
    const answer = await fetch(`http://127.0.0.1:${second}/api/accounts`, {
      method: 'POST',
      body: '{}',
      headers,
    });
    expect(answer.status).toBe(201);
  });

  it('as documented passes on Host, WebSockets, streams and large mail', async () => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const port = await startNginx(sandbox, RIGHT);
    const url = `http://localhost:${port}/`;
    await useUi(url);
    expect(await hello(url, `http://localhost:${port}`)).toBe('hello');
    expect(await hello(url, 'http://evil.example')).toBe(403);
    const large = await fetch(`${url}api/messages?from=a@x.test&to=b@x.test`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: `Subject: large\r\n\r\n${'line\r\n'.repeat(500_000)}`,
    });
    expect(large.status).toBe(201);
  });

  it('serves a base path, with its slash and without', async () => {
    const sandbox = await startTestSandbox({ basePath: '/mail/' });
    await send(sandbox.smtp, messages);
    const port = await startNginx(sandbox, RIGHT.replace('location /', 'location /mail'));
    const bare = await fetch(`http://localhost:${port}/mail`, { redirect: 'manual' });
    expect([bare.status, new URL(bare.headers.get('location') ?? '', bare.url).pathname]).toEqual([
      302,
      '/mail/',
    ]);
    await useUi(`http://localhost:${port}/mail`);
    expect(await hello(`http://localhost:${port}/mail/`, `http://localhost:${port}`)).toBe('hello');
  });

  it.each([
    ['with Host', RIGHT],
    ['without Host', PLAIN],
  ])('terminates TLS, %s', async (_, lines) => {
    const sandbox = await startTestSandbox();
    await send(sandbox.smtp, messages);
    const port = await startNginx(sandbox, lines, true);
    const url = `https://localhost:${port}/`;
    await useUi(url);
    if (lines === RIGHT) expect(await hello(url, `https://localhost:${port}`)).toBe('hello');
  });
});
