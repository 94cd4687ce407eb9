/** The page where the server refuses it: it says what to do, and is never an empty frame. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { messages, send } from './seed.ts';

const open = browserForFile();

/** A proxy that does not pass Host on, as nginx's and Apache's do by default; `drop` are paths that it does not know. */
async function startProxy(sandbox: TestSandbox, drop = /^$/): Promise<string> {
  const target = new URL(sandbox.url);
  const server = http.createServer((request, response) => {
    if (drop.test(request.url ?? '')) {
      response.writeHead(404).end();
      return;
    }
    // Browsers send Sec-Fetch-Site to this machine and over HTTPS, and to no other host of the network.
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

it('names the option behind a proxy that changes Host', async () => {
  const sandbox = await startTestSandbox();
  const url = await startProxy(sandbox);
  const { page } = await open({ url }, '', { errors: REFUSED });
  await page.getByRole('heading', { name: 'The server does not answer this page' }).waitFor();
  const { origin } = new URL(url);
  await page.getByText(`--allow-origin ${origin}`, { exact: true }).waitFor();
  await page.getByText(`RESTANTE_ALLOW_ORIGIN=${origin}`, { exact: true }).waitFor();
});

it('works behind it with that option, pictures of a message included', async () => {
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

it('says so where its name is not known, and where its scripts do not come', async () => {
  const sandbox = await startTestSandbox();
  const page = await fetch(sandbox.url, { headers: { accept: 'text/html' } });
  expect(await page.text()).toContain('The scripts of this page have not come');
  const url = await startProxy(sandbox, /assets/);
  const { page: tab } = await open({ url }, '', { errors: REFUSED });
  const late = tab.getByText('The scripts of this page have not come');
  expect(await late.isVisible()).toBe(false);
  await late.waitFor({ timeout: 20_000 });
  await soon(() => late.isVisible()).toBe(true);
});
