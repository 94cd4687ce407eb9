/**
 * Tests behaviour that a dialogue script cannot test: the log, the clock, and changes of the store during the
 * session.
 */
import { once } from 'node:events';
import net from 'node:net';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { accountName, ALL } from '../../server/store/ids.ts';
import { startPop3 } from '../helpers/pop3.ts';

/** Sends everything at once, closes its half of the connection, and resolves with all received data. */
async function talk(port: number, text: string): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let said = '';
  socket.on('data', (chunk) => (said += chunk.toString('latin1')));
  socket.end(text);
  await once(socket, 'close');
  return said;
}

/** Opens a session; `command` resolves with the first line of the response. */
async function open(port: number) {
  const socket = net.connect({ port, host: '127.0.0.1' });
  const lines: string[] = [];
  let rest = '';
  let wake: () => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (text: string) => {
    const parts = (rest + text).split('\r\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  socket.on('close', () => wake());
  const line = async (): Promise<string> => {
    while (lines.length === 0) {
      if (socket.closed) throw new Error('the connection has ended');
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return lines.shift()!;
  };
  await line();
  return {
    socket,
    line,
    async command(text: string): Promise<string> {
      socket.write(`${text}\r\n`);
      return line();
    },
  };
}

it('writes no credentials to the log', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const { port } = await startPop3({ logger, users: new Map([['ann@x.test', 'hidden1']]) });
  const secret = Buffer.from('\0ann@x.test\0hidden1').toString('base64');
  const said = await talk(
    port,
    [
      'USER ann@x.test',
      'PASS hidden1x',
      'pass hidden1',
      'PASS\thidden1',
      'PASSWORD hidden1',
      'hidden1',
      `AUTH PLAIN ${secret}x`,
      'AUTH PLAIN',
      secret.slice(0, -4),
      secret,
      'APOP ann@x.test hidden1',
      `AUTH PLAIN ${secret}`,
      'STAT',
      'QUIT',
      '',
    ].join('\r\n'),
  );
  expect(said).toContain('+OK 0 0');
  const log = lines.join('');
  expect(log).toContain('pop3 C: STAT');
  expect(log).toContain('pop3 S: +OK 0 0');
  expect(log).toContain('pop3 C: PASS …');
  expect(log).not.toContain('hidden1');
  expect(log).not.toContain(secret.slice(0, -4));
  expect(said).not.toContain(secret.slice(0, -4));
});

it('ends a silent session, and releases its maildrop', async () => {
  const { port, server } = await startPop3({ idleTimeout: 50 });
  const silent = await open(port);
  expect(await silent.command('USER a@x.test')).toMatch(/^\+OK/);
  expect(await silent.command('PASS x')).toBe('+OK 0 messages, 0 octets');
  expect(await silent.line()).toBe('-ERR Idle for too long, goodbye');
  await once(silent.socket, 'close');
  const next = await open(port);
  await next.command('USER a@x.test');
  expect(await next.command('PASS x')).toBe('+OK 0 messages, 0 octets');
  expect(server.connections).toBe(1);
});

it('releases the maildrop of a client that loses its connection', async () => {
  const { port } = await startPop3();
  const first = await open(port);
  await first.command('USER a@x.test');
  await first.command('PASS x');
  first.socket.resetAndDestroy();
  const second = await open(port);
  await second.command('USER a@x.test');
  await expect
    .poll(async () => (await second.command('USER a@x.test'), second.command('PASS x')))
    .toMatch(/^\+OK/);
});

it('replies when the mail was deleted elsewhere, or the whole account', async () => {
  const { port, store, deliver } = await startPop3();
  for (const subject of ['one', 'two', 'three']) await deliver(`Subject: ${subject}\r\n\r\n`);
  const session = await open(port);
  await session.command('USER a@x.test');
  expect(await session.command('PASS x')).toMatch(/^\+OK 3 messages/);
  const page = await store.messages.list({ account: ALL, limit: 10, order: 'oldest' });
  await store.messages.remove([page.messages[0]!.summary.id], ALL);
  expect(await session.command('RETR 1')).toBe('-ERR Message 1 was deleted elsewhere');
  expect(await session.command('TOP 1 0')).toBe('-ERR Message 1 was deleted elsewhere');
  expect(await session.command('STAT')).toMatch(/^\+OK 3 /);
  await deliver('Subject: late\r\n\r\n');
  expect(await session.command('STAT')).toMatch(/^\+OK 3 /);
  await store.accounts.remove(accountName('a@x.test'));
  expect(await session.command('DELE 1')).toMatch(/^\+OK/);
  expect(await session.command('DELE 2')).toMatch(/^\+OK/);
  expect(await session.command('RETR 3')).toBe('-ERR Message 3 was deleted elsewhere');
  expect(await session.command('QUIT')).toBe('+OK Goodbye');
});

it('marks only messages as read that RETR fetched', async () => {
  const { port, store, deliver } = await startPop3();
  await deliver('Subject: one\r\n\r\n');
  await deliver('Subject: two\r\n\r\n');
  await talk(port, 'USER a@x.test\r\nPASS x\r\nTOP 1 0\r\nRETR 2\r\nQUIT\r\n');
  const { messages } = await store.messages.list({
    account: accountName('a@x.test'),
    limit: 10,
    order: 'oldest',
  });
  expect(messages.map(({ seen }) => seen)).toEqual([false, true]);
});

it('ends its sessions without deleting when the server closes', async () => {
  const { port, server, store, deliver } = await startPop3();
  await deliver('Subject: one\r\n\r\n');
  const session = await open(port);
  await session.command('USER a@x.test');
  await session.command('PASS x');
  await session.command('DELE 1');
  await server.close();
  expect(server.connections).toBe(0);
  await expect(session.line()).rejects.toThrow('ended');
  expect((await store.messages.list({ limit: 1 })).total).toBe(1);
});

it('keeps UIDL the same after a restart of the server', async () => {
  const { port, server, store, deliver } = await startPop3();
  await deliver('Subject: one\r\n\r\n');
  const login = 'USER a@x.test\r\nPASS x\r\nUIDL 1\r\nQUIT\r\n';
  const before = await talk(port, login);
  await server.close();
  const again = await startPop3({ store });
  const uidl = (text: string): string => /^\+OK 1 (\S+)/m.exec(text)?.[1] ?? text;
  expect(uidl(await talk(again.port, login))).toBe(uidl(before));
});
