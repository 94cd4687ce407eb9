/** Tests the list of open connections of every protocol, with the state of each. */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Info, LiveConnection, LiveConnections } from '../../contract/index.ts';
import { createClient } from '../../sdk/client.ts';
import { startTestSandbox, type Address, type TestSandbox } from '../helpers/sandbox.ts';

/** A client that sends lines, each one after the response to the previous line. */
async function talk({ host, port }: Address) {
  const socket = net.connect(port, host);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'data');
  return {
    socket,
    async say(...lines: string[]): Promise<void> {
      for (const line of lines) {
        socket.write(`${line}\r\n`);
        await once(socket, 'data');
      }
    },
  };
}

/** Resolves with the list of connections as soon as `check` passes for it. */
async function connections(
  sandbox: TestSandbox,
  check: (connections: readonly LiveConnection[]) => boolean,
): Promise<readonly LiveConnection[]> {
  let found: readonly LiveConnection[] = [];
  await expect
    .poll(async () => {
      found = (await sandbox.json<LiveConnections>('connections')).connections;
      return check(found);
    })
    .toBe(true);
  return found;
}

it('shows each SMTP, IMAP and POP3 client with its state', async () => {
  const began = Date.now();
  const sandbox = await startTestSandbox();
  const smtp = await talk(sandbox.smtp);
  const imap = await talk(sandbox.imap);
  const pop3 = await talk(sandbox.pop3);
  const before = await connections(sandbox, ({ length }) => length === 3);
  expect(before.map(({ protocol, state }) => [protocol, state])).toEqual([
    ['smtp', 'connected'],
    ['imap', 'connected'],
    ['pop3', 'connected'],
  ]);
  expect(Date.parse(before[0]!.since)).toBeGreaterThanOrEqual(began);
  expect(before[0]!.peer).toBe(`127.0.0.1:${smtp.socket.localPort}`);

  await smtp.say('EHLO app.x.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA');
  smtp.socket.write('Subject: half of it\r\n');
  await imap.say(
    '1 ID ("name" "Thunder" "version" "9")',
    '2 LOGIN b@x.test pass',
    '3 SELECT INBOX',
    '4 IDLE',
  );
  await pop3.say('USER c@x.test', 'PASS pass');
  const now = await connections(sandbox, (all) => all[0]?.state === 'data' && all[1]?.state === 'idle');
  expect(now).toMatchObject([
    { client: 'app.x.test', state: 'data', about: '<a@x.test> → b@x.test', messages: 0, tls: null },
    { client: 'Thunder 9', state: 'idle', about: 'INBOX', user: 'b@x.test', messages: null },
    { client: null, state: 'selected', about: 'INBOX', user: 'c@x.test', messages: null },
  ]);

  await smtp.say('\r\ntext\r\n.');
  await imap.say('DONE');
  pop3.socket.destroy();
  const after = await connections(sandbox, ({ length }) => length === 2);
  expect(after.map(({ state, messages }) => [state, messages])).toEqual([
    ['ready', 1],
    ['selected', null],
  ]);
});

it('shows event streams with their scope and the number of sent events', async () => {
  const sandbox = await startTestSandbox();
  const client = createClient({ url: sandbox.url });
  const socket = new WebSocket(
    `${sandbox.url.replace('http', 'ws')}api/events?account=b@x.test&query=subject:x`,
    { headers: { 'user-agent': 'watcher/1' } },
  );
  onTestFinished(() => socket.terminate());
  const stop = new AbortController();
  const events = client.events({ signal: stop.signal });
  await events.next();
  await connections(sandbox, ({ length }) => length === 2);
  await client.compose({ from: 'a@x.test', to: 'b@x.test', subject: 'x' });
  const all = await connections(sandbox, (found) => found.every(({ messages }) => messages === 1));
  const sorted = [...all].sort((a, b) => a.protocol.localeCompare(b.protocol));
  expect(sorted).toMatchObject([
    { protocol: 'sse', state: 'streaming', about: 'all' },
    { protocol: 'websocket', state: 'streaming', about: 'b@x.test, subject:x', client: 'watcher/1' },
  ]);
  stop.abort();
  socket.close();
  await connections(sandbox, ({ length }) => length === 0);
});

it('lists the addresses by which other machines reach the server', async () => {
  const alone = await startTestSandbox();
  expect((await alone.json<Info>('info')).hosts).toEqual([]);
  const open = await startTestSandbox({ host: '0.0.0.0' });
  const { hosts } = await open.json<Info>('info');
  for (const host of hosts) {
    expect(net.isIPv4(host) && !host.startsWith('127.')).toBe(true);
    const { port } = new URL(open.url);
    expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200);
  }
});
