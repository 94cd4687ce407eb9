/**
 * Tests the way of a message from an application through two sandboxes, found by DNS: the message that is read by IMAP
 * is the message that was sent.
 */
import { ImapFlow } from 'imapflow';
import { expect, it } from 'vitest';
import type { Delivery, DeliveryList, MessagePage, Released } from '../../contract/index.ts';
import { startDns } from '../helpers/dns.ts';
import { startTestSandbox, type Address, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

/**
 * A message with dots at the beginning of lines, 8-bit octets and unusual white space, which relays tend to
 * change.
 */
const RAW = Buffer.from(
  [
    'DKIM-Signature: v=1; a=rsa-sha256;  d=shop.test; s=k1; h=from; bh=x; b=y',
    'From:   Shop <shop@shop.test> ',
    'To: ann@b.test',
    'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '.leading dot',
    '..',
    '\tGrüße, \u{1F98A}  ',
    'From the shop',
    '',
    '',
  ].join('\r\n'),
);

async function readByImap({ host, port }: Address, user: string): Promise<Buffer[]> {
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    auth: { user, pass: 'any' },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  await client.mailboxOpen('INBOX');
  const bodies: Buffer[] = [];
  for await (const { source } of client.fetch('1:*', { source: true })) {
    if (source !== undefined) bodies.push(source);
  }
  await client.logout();
  return bodies;
}

const rule = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const release = async (sandbox: TestSandbox, id: string): Promise<readonly Delivery[]> =>
  (await sandbox.json<Released>(`messages/${id}/release`, { method: 'POST' })).deliveries;
const settled = (sandbox: TestSandbox, count: number): Promise<void> =>
  expect
    .poll(
      async () => {
        const { counts } = await sandbox.json<DeliveryList>('deliveries');
        return counts.delivered + counts.failed;
      },
      { interval: 5 },
    )
    .toBe(count);

it('delivers a message from an application to a reader of another sandbox, and a bounce to the sender', async () => {
  const b = await startTestSandbox({ host: '127.0.0.2', tls: 'auto' });
  const dns = await startDns({
    'b.test': { MX: ['10 gone.b.test', '20 mx.b.test'] },
    'gone.b.test': { A: ['127.0.0.9'] },
    'mx.b.test': { A: ['127.0.0.2'] },
  });
  const a = await startTestSandbox({
    relay: 'manual',
    relayAllow: ['b.test'],
    relayPrivate: true,
    relayDns: dns.server,
    relayPort: b.smtp.port,
    relayHostname: 'a.test',
  });
  const envelope = { from: 'shop@shop.test', to: ['ann@b.test', 'nobody@b.test'] };
  await b.json(
    'rules',
    rule({ on: 'rcpt', when: { rcpt: 'nobody@*' }, then: { reject: '550 5.1.1 Unknown' } }),
  );
  const [id = ''] = await sendRaw(a.smtp, [RAW], envelope);
  expect((await b.json<MessagePage>('messages')).total).toBe(0);
  const deliveries = await release(a, id);
  await settled(a, 2);

  const [read, ...others] = await readByImap(b.imap, 'ann@b.test');
  expect(others).toEqual([]);
  const trace =
    /^Received: from test\.x\.test \(\[127\.0\.0\.1\]\)\r\n\tby a\.test \(Restante\) with ESMTP id \w+;\r\n\t[^\r]+\r\n/;
  const text = read?.toString('latin1') ?? '';
  expect(text).toMatch(trace);
  expect(Buffer.from(text.replace(trace, ''), 'latin1')).toEqual(RAW);

  const [ann, nobody] = await Promise.all(
    deliveries.map(({ id: delivery }) => a.json<Delivery & { log: object[] }>(`deliveries/${delivery}`)),
  );
  expect(ann).toMatchObject({ state: 'delivered', host: 'mx.b.test' });
  expect(ann?.log).toMatchObject([
    { host: 'gone.b.test', outcome: 'next-host' },
    { host: 'mx.b.test', outcome: 'delivered', tls: { protocol: 'TLSv1.3', verified: false } },
  ]);
  expect(nobody).toMatchObject({ state: 'failed', status: '5.1.1', reason: '550 5.1.1 Unknown' });
  const bounce = await readByImap(a.imap, 'shop@shop.test');
  expect(bounce).toHaveLength(1);
  const report = bounce[0]?.toString() ?? '';
  expect(report).toMatch(/^Content-Type: multipart\/report;/m);
  expect(report).toMatch(/^Final-Recipient: rfc822; ?nobody@b\.test\r$/m);
  expect(report).toMatch(/^Action: failed\r$/m);
  expect(report).toMatch(/^Remote-MTA: dns; ?mx\.b\.test\r$/m);
  const { messages } = await a.json<MessagePage>('messages?query=tag:bounce');
  expect(messages.map(({ envelope: { from, to } }) => [from, to])).toEqual([['', ['shop@shop.test']]]);
});

it('sends 250 before anything is relayed, even if the receiving host never responds', async () => {
  const b = await startTestSandbox({ host: '127.0.0.2' });
  await b.json('rules', rule({ on: 'connect', then: { delay: '1h' } }));
  const a = await startTestSandbox({
    relay: 'auto',
    relayAllow: ['*'],
    relayRoute: [`*=127.0.0.2:${b.smtp.port}`],
  });
  for (let index = 0; index < 3; index++) await sendRaw(a.smtp, [RAW]);
  await expect
    .poll(async () => (await a.json<DeliveryList>('deliveries')).counts.queued, { interval: 5 })
    .toBe(3);
});
