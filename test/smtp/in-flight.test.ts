/** Tests SMTP senders above the limit of message octets in memory. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { InFlight } from '../../server/net/in-flight/index.ts';
import { startCapture } from '../helpers/capture.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const LIMIT = 100_000;
const OPENING = 'EHLO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n';
const message = (octets: number): Buffer =>
  Buffer.from(`Subject: x\r\n\r\n${'0123456\r\n'.repeat(octets / 9)}`);

function folder(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'restante-in-flight-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts a sender that stops before the end of its message. */
async function stall({ host, port }: { readonly host: string; readonly port: number }, body: Buffer) {
  const socket = net.connect(port, host);
  let said = '';
  socket.setEncoding('latin1').on('data', (text: string) => (said += text));
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(`${OPENING}DATA\r\n`);
  await expect.poll(() => said).toContain('354');
  socket.write(body);
  return {
    socket,
    async finish(): Promise<string> {
      socket.end('.\r\nQUIT\r\n');
      await once(socket, 'close');
      return said;
    },
  };
}

it('uses no more memory than the limit for fifteen senders that stop, and accepts mail of others', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const body = message(45_000);
  const stalled = await Promise.all(Array.from({ length: 15 }, () => stall(server, body)));
  await expect
    .poll(() => inFlight.octets + 45_000 * readdirSync(directory).length)
    .toBeGreaterThan(14 * 45_000);
  expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
  await sendRaw(server, [message(90_000)]);
  expect(await server.messages()).toHaveLength(1);
  const ends = await Promise.all(stalled.map((sender) => sender.finish()));
  expect(ends.filter((said) => !said.includes('queued as'))).toEqual([]);
  for (const index of [1, 8, 15]) expect(await server.raw(index)).toEqual(body);
  expect(inFlight.octets).toBe(0);
  await expect.poll(() => readdirSync(directory)).toEqual([]);
});

it('stores messages above the limit that end at once, without reading them back to memory', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const body = message(180_000);
  await Promise.all(Array.from({ length: 4 }, () => sendRaw(server, [body])));
  expect(await server.messages()).toHaveLength(4);
  for (const index of [0, 3]) expect(await server.raw(index)).toEqual(body);
  expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
  expect(inFlight.spilled).toBe(4);
  expect(readdirSync(directory)).toEqual([]);
});

it('lets no sender above the limit wait for another sender whose message a rule delays', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  await server.capture.rules.put({
    name: 'slow',
    on: 'data',
    when: { rcpt: 'slow@x.test' },
    then: { delay: '10m' },
  });
  const body = message(180_000);
  const slow = net.connect(server.port, server.host);
  onTestFinished(() => void slow.destroy());
  let said = '';
  slow.setEncoding('latin1').on('data', (text: string) => (said += text));
  slow.write(`${OPENING.replace('b@', 'slow@')}DATA\r\n`);
  await expect.poll(() => said).toContain('354');
  slow.write(Buffer.concat([body, Buffer.from('.\r\n')]));
  // The rule delays the message when it is complete.
  await expect.poll(() => server.capture.rules.list()[0]?.hits).toBe(1);
  await sendRaw(server, [body]);
  expect(await server.messages()).toHaveLength(1);
  expect(readdirSync(directory)).toHaveLength(1);
  server.capture.stopWaiting();
  await expect.poll(() => said).toContain('queued as');
  expect(await server.raw(1)).toEqual(body);
  await expect.poll(() => readdirSync(directory)).toEqual([]);
});

it('stores a message above the limit whose sender disconnects after the dot', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const body = message(180_000);
  const { socket } = await stall(server, body);
  socket.write('.\r\n', () => socket.destroySoon());
  await expect.poll(async () => (await server.messages()).length).toBe(1);
  expect(await server.raw()).toEqual(body);
  await expect.poll(() => readdirSync(directory)).toEqual([]);
});

it('has the findings of the lint and the result of a rule’s query for a message in a file', async () => {
  const inFlight = new InFlight({ limit: 100, directory: folder() });
  const server = await startCapture({ smtp: { inFlight } });
  await server.capture.rules.put({
    name: 'tagged',
    on: 'data',
    when: { query: 'body:needle' },
    then: { tag: 'found' },
  });
  await sendRaw(server, [
    Buffer.from(`Subject: x\r\n\r\n${'0123456\r\n'.repeat(50)}a needle\r\na bare LF\n\r\n`),
  ]);
  expect(inFlight.spilled).toBe(1);
  const [stored] = await server.messages();
  expect(stored?.tags).toEqual(['found']);
  expect(stored?.findings.map(({ rule }) => rule)).toContain('bare-lf');
});

it('releases the memory of a sender that disconnects', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const [one, two] = [await stall(server, message(90_000)), await stall(server, message(45_000))];
  await expect.poll(() => readdirSync(directory)).toHaveLength(1);
  one.socket.destroy();
  two.socket.destroy();
  await expect.poll(() => [inFlight.octets, readdirSync(directory).length]).toEqual([0, 0]);
});

it('replies 452 after the dot if there is no place for files', async () => {
  const inFlight = new InFlight({ limit: LIMIT, directory: null });
  const server = await startCapture({ smtp: { inFlight } });
  const one = await stall(server, message(90_000));
  await expect.poll(() => inFlight.octets).toBeGreaterThan(80_000);
  await expect(sendRaw(server, [message(45_000)])).rejects.toThrow(
    /^452 4\.3\.1 Insufficient system storage/,
  );
  expect(await one.finish()).toMatch(/queued as/);
  await sendRaw(server, [message(45_000)]);
  expect(await server.messages()).toHaveLength(2);
});

it('replies 452 if the file cannot be written, and does not affect other connections', async () => {
  const directory = path.join(folder(), 'a file');
  writeFileSync(directory, '');
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const one = await stall(server, message(45_000));
  await expect(sendRaw(server, [message(90_000)])).rejects.toThrow(/^452 4\.3\.1/);
  expect(await one.finish()).toMatch(/queued as/);
});

it('counts the chunks of BDAT in the same way', async () => {
  const directory = folder();
  const inFlight = new InFlight({ limit: LIMIT, directory });
  const server = await startCapture({ smtp: { inFlight } });
  const socket = net.connect(server.port, server.host);
  let said = '';
  socket.setEncoding('latin1').on('data', (text: string) => (said += text));
  const chunk = message(45_000);
  for (const last of ['', '', '', ' LAST']) {
    socket.write(`${said === '' && last === '' ? OPENING : ''}BDAT ${chunk.length}${last}\r\n`);
    const before = said.length;
    socket.write(chunk);
    await expect.poll(() => said.slice(before)).toMatch(/octets received|queued as/);
  }
  expect(inFlight.most).toBeLessThanOrEqual(LIMIT);
  expect(inFlight.spilled).toBe(1);
  expect(await server.raw()).toEqual(Buffer.concat([chunk, chunk, chunk, chunk]));
  socket.destroy();
});

it('removes the files of a killed process when the sandbox starts', async () => {
  const data = folder();
  mkdirSync(path.join(data, 'incoming'));
  writeFileSync(path.join(data, 'incoming', 'old.part'), 'x');
  const sandbox = await startTestSandbox({ data, maxInFlight: 1000 });
  expect(readdirSync(path.join(data, 'incoming'))).toEqual([]);
  const body = message(45_000);
  await sendRaw(sandbox.smtp, [body]);
  const { id } = await sandbox.json<{ id: string }>('messages/latest');
  expect(Buffer.from(await (await sandbox.api(`messages/${id}/raw`)).arrayBuffer())).toEqual(body);
  expect(readdirSync(path.join(data, 'incoming'))).toEqual([]);
});
