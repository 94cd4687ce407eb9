/** Tests live checks in a real browser: their parameters, the run, and the display of the details. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();
const raw = (body: string): Buffer =>
  Buffer.from(`From: app@shop.test\r\nTo: ann@x.test\r\nSubject: Order\r\n\r\n${body}\r\n`);
const sender = { from: 'bounce@shop.test', to: ['ann@x.test'] };

describe('live checks', () => {
  it('evaluate authenticity with DNS records that the user enters', async () => {
    const sandbox = await startTestSandbox();
    const [id = ''] = await sendRaw(sandbox.smtp, [raw('Hello')], sender);
    const { page } = await open(sandbox, `inbox/all/${id}/checks`);
    const check = page.getByRole('region', { name: 'Authenticity' });
    await check.getByText('Give the DNS records to check against').waitFor();
    await check.getByLabel('Sent from the address').fill('192.0.2.9');
    await check.getByLabel('DNS records').fill('shop.test TXT "v=spf1 ip4:192.0.2.1 -all"');
    await check.getByRole('button', { name: 'Run' }).click();
    await check.getByText('The SPF record of shop.test does not allow 192.0.2.9 to send').waitFor();
    await check.getByText('Details').click();
    await check.getByRole('cell', { name: 'shop.test 192.0.2.9' }).waitFor();
    await page.getByText('shop.test has no DMARC record').waitFor();
    // The results are stored with the message.
    await page.reload();
    await check.getByText('does not allow 192.0.2.9 to send').first().waitFor();
  });

  it('report errors in the DNS records', async () => {
    const sandbox = await startTestSandbox();
    const [id = ''] = await sendRaw(sandbox.smtp, [raw('Hello')], sender);
    const { page } = await open(sandbox, `inbox/all/${id}/checks`, { errors: /status of 400/ });
    const check = page.getByRole('region', { name: 'Authenticity' });
    await check.getByLabel('DNS records').fill('shop.test TXT v=DKIM1; k=rsa');
    await check.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').filter({ hasText: 'line 1: the text is cut off at a “;”' }).waitFor();
  });

  it('follow links only on request', async () => {
    const asked: string[] = [];
    const web = http.createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    onTestFinished(() => void web.close());
    const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}/gone`;
    const sandbox = await startTestSandbox({ checkPrivate: true });
    const [id = ''] = await sendRaw(sandbox.smtp, [raw(`Look: ${address}`)], sender);
    const { page } = await open(sandbox, `inbox/all/${id}/checks`);
    const check = page.getByRole('region', { name: 'Links and images' });
    await check.getByText('not run yet').waitFor();
    expect(asked).toEqual([]);
    await check.getByRole('button', { name: 'Run' }).click();
    await check.getByText(`${address} answers with status 404`).waitFor();
    expect(asked.length).toBeGreaterThan(0);
    await page.getByRole('region', { name: 'Spam' }).getByText('--check-spamd').waitFor();
  });
});
