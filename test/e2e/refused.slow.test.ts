/** Tests a page that the server refuses: it explains what to do, and is never empty. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

/**
 * Starts a proxy that replaces the Host header, as nginx and Apache do by default. It responds with 404 to paths that
 * `drop` matches.
 */
async function startProxy(sandbox: TestSandbox, drop = /^$/): Promise<string> {
  const target = new URL(sandbox.url);
  const server = http.createServer((request, response) => {
    if (drop.test(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    // Browsers send Sec-Fetch-Site only to loopback addresses and over HTTPS; without it, this proxy behaves like
    // another host of the network.
    const sent = Object.entries(request.headers).filter(([name]) => !name.startsWith('sec-fetch-'));
    const headers = { ...Object.fromEntries(sent), host: target.host };
    const { method, url: path } = request;
    const onward = http.request(
      { host: target.hostname, port: target.port, method, path, headers, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const REFUSED = /403|421|401|404|WebSocket/;

it('names the option to use behind a proxy that changes Host', async () => {
  const sandbox = await startTestSandbox();
  const url = await startProxy(sandbox);
  const { page } = await open({ url }, '', { errors: REFUSED });
  await page.getByRole('heading', { name: 'The server does not answer this page' }).waitFor();
  const { origin } = new URL(url);
  await page.getByText(`--allow-origin ${origin}`, { exact: true }).waitFor();
  await page.getByText(`RESTANTE_ALLOW_ORIGIN=${origin}`, { exact: true }).waitFor();
});

it('works behind such a proxy with that option, including the pictures of a message', async () => {
  const closed = await startTestSandbox();
  const port = new URL(await startProxy(closed)).port;
  expect(Number(port)).toBeGreaterThan(0);
  const sandbox = await startTestSandbox({ allowOrigin: ['http://127.0.0.1:*'] });
  await send(sandbox.smtp, messages);
  const url = await startProxy(sandbox);
  const { page } = await open({ url }, '', { errors: REFUSED });
  await page.locator('[data-message]').first().click();
  await page.frameLocator('iframe').getByRole('heading').first().waitFor();
  expect(await page.locator('[data-refused]').count()).toBe(0);
});

it('explains a missing script, without JavaScript and when the script cannot be loaded', async () => {
  const sandbox = await startTestSandbox();
  const page = await fetch(sandbox.url, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('The scripts of this page have not come');
  const url = await startProxy(sandbox, /assets/);
  const { page: tab } = await open({ url }, '', { errors: REFUSED });
  const late = tab.getByText('The scripts of this page have not come');
  expect(await late.isVisible()).toBe(false);
  await late.waitFor();
  await soon(() => late.isVisible()).toBe(true);
});
