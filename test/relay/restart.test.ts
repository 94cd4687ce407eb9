/** `kill -9` in mid-queue: the next process goes on, and no recipient is lost or written to twice. */
import { expect, it } from 'vitest';
import type { DeliveryList, Released } from '../../server/api/contract.ts';
import { startCapture } from '../helpers/capture.ts';
import { startProgram, temporaryDirectory, type Program } from '../helpers/program.ts';
import { sendRaw } from '../helpers/smtp.ts';

const MESSAGES = 40;
/** Rounds at once to one domain, and so the deliveries that can be on their way when the process ends. */
const AT_ONCE = 2;

const api = async <T>(program: Program, path: string, init?: RequestInit): Promise<T> => {
  const response = await fetch(`http://127.0.0.1:${program.port('Web UI and API')}/api/${path}`, init);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

it('loses and doubles nobody when the process is killed in mid-queue', { timeout: 60_000 }, async () => {
  const receiver = await startCapture();
  await receiver.capture.rules.put({ on: 'rcpt', then: { delay: '10ms' } });
  const data = temporaryDirectory();
  const options = [
    ...['--data', data, '--relay', 'manual', '--relay-allow', 'one.test', '--relay-max-per-hour', '0'],
    ...['--relay-route', `one.test=127.0.0.1:${receiver.port}`],
  ];
  const first = await startProgram(options);
  const names = Array.from({ length: MESSAGES }, (_, index) => `u${index}@one.test`);
  for (const to of names) {
    const [id = ''] = await sendRaw(
      { host: '127.0.0.1', port: first.port('SMTP') },
      [Buffer.from('A: b\r\n\r\nc\r\n')],
      {
        from: 'app@x.test',
        to: [to],
      },
    );
    await api<Released>(first, `messages/${id}/release`, { method: 'POST' });
  }
  await expect.poll(async () => (await receiver.messages()).length, { interval: 5 }).toBeGreaterThan(5);
  first.child.kill('SIGKILL');
  await first.exit;
  const before = (await receiver.messages()).length;
  expect(before).toBeLessThan(MESSAGES);

  const second = await startProgram(options);
  const list = () => api<DeliveryList>(second, 'deliveries?limit=1000');
  await expect
    .poll(async () => (await list()).counts, { interval: 20, timeout: 20_000 })
    .toMatchObject({ queued: 0, deferred: 0, sending: 0, failed: 0 });
  const { deliveries } = await list();
  expect(deliveries.map(({ to }) => to).sort()).toEqual([...names].sort());
  const arrived = (await receiver.messages()).flatMap(({ envelope }) => envelope.to);
  expect(new Set(arrived).size).toBe(arrived.length);
  const unknown = deliveries.filter(({ state }) => state === 'unknown');
  expect(unknown.length).toBeLessThanOrEqual(AT_ONCE);
  for (const { to, state } of deliveries) {
    if (state === 'delivered') expect(arrived).toContain(to);
    else expect(state).toBe('unknown');
  }
});
