/**
 * Tests the server view in a real browser: settings to copy, QR codes for a phone, live connections, refused
 * sessions, the queue.
 */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile, soon } from './browser-page.ts';

const open = browserForFile();
const RAW = Buffer.from('From: app@x.test\r\nTo: ann@one.test\r\nSubject: Welcome aboard\r\n\r\nHello\r\n');

it('shows the settings of every protocol, each with a button to copy it', async () => {
  const sandbox = await startTestSandbox({ auth: [{ user: 'app', password: 'secret' }] });
  const { page } = await open(sandbox, 'server', { permissions: ['clipboard-read', 'clipboard-write'] });
  const copied = () => page.evaluate<string>('navigator.clipboard.readText()');
  const imap = page.locator('[data-endpoint]', { hasText: 'IMAP' });
  await imap.getByRole('button', { name: /^IMAP/ }).click();
  await imap.getByRole('button', { name: 'Copy: Port' }).click();
  await soon(copied).toBe(String(sandbox.imap.port));
  await imap.getByText('a configured user, or an account with a password').waitFor();
  await imap.getByRole('button', { name: 'Copy these settings' }).click();
  await soon(copied).toContain(`Host: 127.0.0.1\nPort: ${sandbox.imap.port}\nEncryption: none`);
  // A phone cannot reach a loopback address, so it has no QR code.
  expect(await page.getByRole('img', { name: /^QR code/ }).count()).toBe(0);
  // Only this machine can reach the server: the page shows the reason and the solution.
  await page.locator('[data-phone]').getByText('restante --host 0.0.0.0').waitFor();
});

it('shows a URL that a phone can open', async () => {
  const sandbox = await startTestSandbox({ host: '0.0.0.0' });
  const { hosts } = await sandbox.json<{ hosts: string[] }>('info');
  const { page } = await open(sandbox, 'server');
  const phone = page.locator('[data-phone]');
  if (hosts.length === 0) {
    await phone.getByText('restante --host 0.0.0.0').waitFor();
    return;
  }
  const label = await phone.getByRole('img').getAttribute('aria-label');
  const address = label?.replace('QR code of ', '') ?? '';
  expect(new URL(address).hostname).toBe(hosts[0]);
  const { page: there } = await open({ url: address }, '', { errors: /Cross-Origin-Opener-Policy/ });
  await there.getByText('Waiting for mail').waitFor();
  // The settings can be shown for a client on another machine.
  await page.getByRole('button', { name: hosts[0]!, exact: true }).click();
  await page.getByText(`${hosts[0]}:${sandbox.smtp.port}`, { exact: true }).waitFor();
});

it('shows open connections and their activity, live', async () => {
  const sandbox = await startTestSandbox();
  const { page } = await open(sandbox, 'server');
  const sessions = page.locator('[data-session]');
  await sessions.filter({ hasText: 'WebSocket' }).filter({ hasText: 'Chrome' }).first().waitFor();
  const socket = net.connect(sandbox.smtp.port, sandbox.smtp.host);
  onTestFinished(() => void socket.destroy());
  for (const line of ['EHLO app.x.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>']) {
    await once(socket, 'data');
    socket.write(`${line}\r\n`);
  }
  const smtp = sessions.filter({ hasText: 'app.x.test' });
  await smtp.getByText('<a@x.test> → b@x.test').filter({ visible: true }).waitFor();
  await smtp.getByText('sending the envelope').filter({ visible: true }).waitFor();
  socket.destroy();
  await soon(() => smtp.count()).toBe(0);
  await page.locator('[data-refusal]').getByText('The connection ended before the message').waitFor();
});

it('shows the pending deliveries of the relay', async () => {
  const receiver = await startTestSandbox();
  await receiver.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ on: 'rcpt', script: ['451 4.7.1 come back', 'accept'] }),
  });
  const sandbox = await startTestSandbox({
    relay: 'manual',
    relayAllow: ['one.test'],
    relayRoute: [`one.test=127.0.0.1:${receiver.smtp.port}`],
  });
  const [id = ''] = await sendRaw(sandbox.smtp, [RAW], { from: 'app@x.test', to: ['ann@one.test'] });
  const { page } = await open(sandbox, 'server');
  const queue = page.locator('[data-queue]');
  await queue.getByText('The queue is empty.').waitFor();
  await sandbox.json(`messages/${id}/release`, { method: 'POST' });
  await queue
    .locator('[data-delivery]')
    .getByText(/451 4\.7\.1 come back/)
    .waitFor();
  await queue.getByRole('button', { name: 'Try now: ann@one.test' }).click();
  await queue.getByText('The queue is empty.').waitFor();
  await queue.getByText('Delivered', { exact: true }).waitFor();
});
