/**
 * Tests the built program: after a `kill -9` during deliveries, the next process continues, and no recipient is
 * lost or gets a message twice. The delivered messages are signed with DKIM, and their route is found by DNS.
 */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { dkimVerify } from 'mailauth';
import { expect, it } from 'vitest';
import type { DeliveryDetail, DeliveryList, Released } from '../../contract/index.ts';
import { startCapture } from '../helpers/capture.ts';
import { startDns } from '../helpers/dns.ts';
import { startProgram, temporaryDirectory, type Program } from '../helpers/program.ts';
import { sendRaw } from '../helpers/smtp.ts';

const MESSAGES = 30;
/**
 * The number of simultaneous rounds to one domain: the number of deliveries that can be in progress when the
 * process ends.
 */
const AT_ONCE = 2;
const RAW = Buffer.from('From: app@x.test\r\nSubject: x\r\n\r\nHello\r\n');

const api = async <T>(program: Program, call: string, init?: RequestInit): Promise<T> => {
  const response = await fetch(`http://127.0.0.1:${program.port('Web UI and API')}/api/${call}`, init);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

it('loses and duplicates no delivery when the process is killed', async () => {
  const dns = await startDns({
    'one.test': { MX: ['10 mx.one.test'] },
    'mx.one.test': { A: ['127.0.0.2'] },
    '_mta-sts.one.test': { TXT: ['v=STSv1; id=1;'] },
  });
  const receiver = await startCapture({ smtp: { host: '127.0.0.2' } });
  await receiver.capture.rules.put({ on: 'rcpt', then: { delay: '10ms' } });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const data = temporaryDirectory();
  const keyFile = path.join(temporaryDirectory(), 'dkim.pem');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const options = [
    ...['--data', data, '--relay', 'manual', '--relay-allow', 'one.test', '--relay-max-per-hour', '0'],
    ...['--relay-dns', dns.server, '--relay-private', '--relay-port', String(receiver.port)],
    ...['--relay-dkim-domain', 'x.test', '--relay-dkim-selector', 'k1', '--relay-dkim-key', keyFile],
  ];
  const first = await startProgram(options);
  expect(first.stdout()).toContain('Mail may leave   on release, to one.test');
  const names = Array.from({ length: MESSAGES }, (_, index) => `u${index}@one.test`);
  for (const to of names) {
    const smtp = { host: '127.0.0.1', port: first.port('SMTP') };
    const [id = ''] = await sendRaw(smtp, [RAW], { from: 'app@x.test', to: [to] });
    await api<Released>(first, `messages/${id}/release`, { method: 'POST' });
  }
  await expect.poll(async () => (await receiver.messages()).length, { interval: 5 }).toBeGreaterThan(5);
  first.child.kill('SIGKILL');
  await first.exit;
  expect((await receiver.messages()).length).toBeLessThan(MESSAGES);

  const second = await startProgram(options);
  const list = () => api<DeliveryList>(second, 'deliveries?limit=1000');
  await expect
    .poll(async () => (await list()).counts, { interval: 20 })
    .toMatchObject({ queued: 0, deferred: 0, sending: 0, failed: 0 });
  const { deliveries } = await list();
  expect(deliveries.map(({ to }) => to).sort()).toEqual([...names].sort());
  const arrived = (await receiver.messages()).flatMap(({ envelope }) => envelope.to);
  expect(new Set(arrived).size).toBe(arrived.length);
  const unknown = deliveries.filter(({ state }) => state === 'unknown');
  expect(unknown.length).toBeLessThanOrEqual(AT_ONCE);
  const delivered = deliveries.filter(({ state }) => state === 'delivered');
  expect(delivered.length + unknown.length).toBe(MESSAGES);
  for (const { to } of delivered) expect(arrived).toContain(to);

  const key = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
  const { results } = await dkimVerify(await receiver.raw(), {
    resolver: async () => [[`v=DKIM1; k=ed25519; p=${key}`]],
  });
  expect(results.map(({ status }) => status.result)).toEqual(['pass']);
  const { log } = await api<DeliveryDetail>(second, `deliveries/${delivered[0]?.id ?? ''}`);
  expect(log[0]?.transcript.map(({ text }) => text)).toContain(
    'MTA-STS policy of one.test: mta-sts.one.test has no address that the relay may connect to',
  );
});
