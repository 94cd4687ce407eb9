/**
 * Tests nginx as a reverse proxy, with `proxy_pass` alone and with the configuration of docs/operations.md: the UI
 * in a browser.
 */
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { browserForFile } from '../e2e/browser-page.ts';
import { messages, send } from '../e2e/seed.ts';
import { certificate } from '../helpers/certificate.ts';
import { proxyTo, startNginx } from '../helpers/nginx.ts';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed } from '../helpers/tool.ts';

const skip = !installed('nginx');

const PLAIN = 'location / { proxy_pass http://127.0.0.1:$PORT; }';
const RIGHT = `location / { ${proxyTo('http://127.0.0.1:$PORT')} }`;

const proxyBefore = (sandbox: TestSandbox, lines: string, tls = false): Promise<number> =>
  startNginx(lines.replaceAll('$PORT', new URL(sandbox.url).port), { tls });

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
    const port = await proxyBefore(sandbox, PLAIN);
    await useUi(`http://localhost:${port}/`);
  });

  it('with proxy_pass alone lets the page show the required option under another name', async () => {
    const sandbox = await startTestSandbox();
    const port = await proxyBefore(sandbox, PLAIN);
    const headers = { origin: `http://mail.lan:${port}`, 'content-type': 'application/json' };
    const refused = await fetch(`http://127.0.0.1:${port}/api/accounts`, {
      method: 'POST',
      body: '{}',
      headers,
    });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ option: `--allow-origin http://mail.lan:${port}` });
    const allowing = await startTestSandbox({ allowOrigin: [`http://mail.lan:${port}`] });
    const second = await proxyBefore(allowing, PLAIN);
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
    const port = await proxyBefore(sandbox, RIGHT);
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
    const port = await proxyBefore(sandbox, RIGHT.replace('location /', 'location /mail'));
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
    const port = await proxyBefore(sandbox, lines, true);
    const url = `https://localhost:${port}/`;
    await useUi(url);
    if (lines === RIGHT) expect(await hello(url, `https://localhost:${port}`)).toBe('hello');
  });
});
