/** The page behind a proxy that passes no WebSocket on, and during an interruption. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { browserForFile, soon } from './browser-page.ts';
import { plain } from './plain-mail.ts';
import { send } from './seed.ts';

const open = browserForFile();

/**
 * Starts a proxy that behaves like nginx with `proxy_pass` alone: it removes `Upgrade`, so that a WebSocket gets a
 * plain response.
 */
async function startProxy(target: string, port = 0): Promise<http.Server> {
  const proxy = http.createServer(({ method, url = '/', headers }, response) => {
    const passed = { ...headers };
    delete passed.upgrade;
    delete passed.connection;
    const request = http.request(new URL(url, target), { method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    response.on('close', () => request.destroy());
    request.on('error', () => response.destroy()).end();
  });
  await new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => stopProxy(proxy));
  return proxy;
}

async function stopProxy(proxy: http.Server): Promise<void> {
  await new Promise((resolve) => {
    proxy.close(resolve);
    proxy.closeAllConnections();
  });
}

const portOf = (server: http.Server): number => (server.address() as AddressInfo).port;

/** Records every state of the connection that the page shows. */
const RECORD = `window.states = [];
  new MutationObserver(() => {
    const state = document.querySelector('[data-connection]')?.dataset.state;
    if (state !== undefined && state !== window.states.at(-1)) window.states.push(state);
  }).observe(document, { subtree: true, childList: true, attributes: true });`;

const live = (page: Page): Promise<void> =>
  page.locator('[data-connection][data-state=live]').waitFor({ state: 'attached' });

it('uses server-sent events behind a proxy without WebSockets, and shows no lost connection', async () => {
  const sandbox = await startTestSandbox();
  const proxy = await startProxy(sandbox.url);
  const port = portOf(proxy);
  const url = `http://127.0.0.1:${port}/`;
  const { page } = await open({ url }, '', { fresh: true, errors: /WebSocket|ERR_/ });
  await page.addInitScript(RECORD);
  await page.reload();
  await live(page);
  await send(sandbox.smtp, [plain('By server-sent events')]);
  await page.getByText('By server-sent events', { exact: true }).waitFor();
  expect(await page.evaluate('window.states')).toEqual(['connecting', 'live']);

  await stopProxy(proxy);
  await page.getByText('Connection lost').waitFor();
  await send(sandbox.smtp, [plain('Sent meanwhile')]);
  await startProxy(sandbox.url, port);
  await page.getByText('Sent meanwhile', { exact: true }).waitFor();
  await soon(() => page.getByText('Connection lost').count()).toBe(0);
  expect(await page.evaluate('window.states')).toEqual(['connecting', 'live', 'lost', 'live']);
});

it('loads the open message and the list after an outage during which they could not be loaded', async () => {
  const sandbox = await startTestSandbox();
  await send(sandbox.smtp, [plain('First'), plain('Second'), plain('Other', 'other@x.test')]);
  const proxy = await startProxy(sandbox.url);
  const port = portOf(proxy);
  const url = `http://127.0.0.1:${port}/`;
  const { page } = await open({ url }, '', { fresh: true, errors: /WebSocket|ERR_/ });
  await live(page);
  await page.locator('[data-message]').nth(2).waitFor();
  await stopProxy(proxy);
  await page.getByText('Connection lost').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'other@x.test' }).click();
  await page.getByText('The messages could not be loaded').waitFor();
  await page.goBack();
  await page.getByText('The messages could not be loaded').waitFor();
  const { messages } = await sandbox.json<MessagePage>('messages?query=subject:first');
  await page.evaluate(`history.pushState({}, '', '/inbox/all/${messages[0]!.id}')`);
  await page.evaluate("dispatchEvent(new PopStateEvent('popstate', { state: {} }))");
  await page.getByText('The message could not be loaded').waitFor();
  await page.getByText('The server cannot be reached.').first().waitFor();
  await startProxy(sandbox.url, port);
  await page.getByRole('heading', { name: 'First' }).waitFor();
  await page.locator('[data-message]').nth(2).waitFor();
});
