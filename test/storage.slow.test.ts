/**
 * Tests of the built program on storage that cannot be written: a full disk, a read-only file system, a data
 * directory that is deleted during the run, files of another user. Mounts and other users need root; without it,
 * the tests are skipped.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ImapFlow } from 'imapflow';
import { expect, it, onTestFinished } from 'vitest';
import type { Info, MessagePage } from '../contract/index.ts';
import { connect } from '../sdk/index.ts';
import { runProgram, startProgram, temporaryDirectory, type Program } from './helpers/program.ts';
import { fillDisk, mountSmallDisk } from './helpers/small-disk.ts';
import { sendRaw } from './helpers/smtp.ts';
import { soon } from './helpers/soon.ts';

const BOB = 'bob@x.test';
const NOBODY = 65_534;
/**
 * A message of 100 KB in lines of 70 random octets, without CR, LF, NUL and dots. Tests calculate the free space of a
 * disk, so the server must not gain space by compressing the message.
 */
const INCOMPRESSIBLE = Buffer.concat([
  Buffer.from('Subject: stored\r\n\r\n'),
  ...Array.from({ length: 1_390 }, () =>
    Buffer.concat([
      randomBytes(70).map((octet) => ([0, 10, 13, 46].includes(octet) ? 120 : octet)),
      Buffer.from('\r\n'),
    ]),
  ),
]);

class Running {
  readonly program: Program;
  readonly url: string;

  constructor(program: Program) {
    this.program = program;
    this.url = `http://127.0.0.1:${program.port('Web UI and API')}`;
  }

  /** Resolves with the ids of the captured messages, and rejects with the server's reply. */
  capture(count = 1): Promise<string[]> {
    const smtp = { host: '127.0.0.1', port: this.program.port('SMTP') };
    return sendRaw(
      smtp,
      Array.from({ length: count }, () => INCOMPRESSIBLE),
      { from: 'a@x.test', to: [BOB] },
    );
  }

  async json<T>(call: string): Promise<T> {
    return (await (await fetch(`${this.url}/api/${call}`)).json()) as T;
  }

  async ids(account = BOB): Promise<string[]> {
    const { messages } = await this.json<MessagePage>(`messages?account=${account}`);
    return messages.map(({ id }) => id);
  }

  async stop(): Promise<number | string> {
    this.program.child.kill('SIGTERM');
    return this.program.exit;
  }
}

const start = async (data: string, uid?: number): Promise<Running> =>
  new Running(await startProgram(['--data', data], {}, uid));

/** Sends POP3 commands one after another, and returns the first line of each reply. */
async function pop3({ program }: Running, commands: readonly string[]): Promise<string[]> {
  const socket = net.connect(program.port('POP3'), '127.0.0.1').setEncoding('latin1');
  await once(socket, 'data');
  const replies: string[] = [];
  for (const command of commands) {
    socket.write(`${command}\r\n`);
    replies.push(String((await once(socket, 'data'))[0]).split('\r\n')[0] ?? '');
  }
  socket.destroy();
  return replies;
}

/** Fetches the first message by IMAP, flags it as deleted, and expunges it. */
async function deleteFirst({ program }: Running): Promise<void> {
  const client = new ImapFlow({
    ...{ host: '127.0.0.1', port: program.port('IMAP'), secure: false, doSTARTTLS: false, logger: false },
    auth: { user: BOB, pass: 'any' },
  });
  await client.connect();
  const lock = await client.getMailboxLock('INBOX');
  const before = client.mailbox === false ? 0 : client.mailbox.exists;
  expect((await client.fetchOne('1', { source: true })) || {}).toHaveProperty('source');
  expect(await client.messageDelete('1')).toBe(true);
  expect(client.mailbox === false ? 0 : client.mailbox.exists).toBe(before - 1);
  lock.release();
  await client.logout();
}

it('reads and deletes messages on a full disk by IMAP, POP3, REST and SDK, and starts on a full disk', async ({
  skip,
}) => {
  const disk = mountSmallDisk(8);
  if (disk === null) return skip('no file system can be mounted here');
  const data = path.join(disk, 'data');
  let server = await start(data);
  await server.capture(20);
  fillDisk(disk);
  await expect(server.capture(10)).rejects.toThrow(/452 4\.3\.1 .*full/);
  fillDisk(disk, 'more');
  expect(await fetch(`${server.url}/readyz`)).toHaveProperty('status', 503);
  expect((await server.json<Info>('info')).store.warnings.join()).toContain('the disk is full');

  await deleteFirst(server);
  fillDisk(disk, 'after IMAP');
  expect(await pop3(server, [`USER ${BOB}`, 'PASS any', 'DELE 1', 'QUIT'])).toEqual([
    ...Array.from({ length: 4 }, () => expect.stringMatching(/^\+OK/) as string),
  ]);
  fillDisk(disk, 'after POP3');
  const [first, second] = await server.ids();
  expect((await fetch(`${server.url}/api/messages/${first!}/raw`)).status).toBe(200);
  expect((await fetch(`${server.url}/api/messages/${first!}`, { method: 'DELETE' })).status).toBe(204);
  fillDisk(disk, 'after REST');
  const client = await connect(server.url);
  const message = await client.inbox(BOB).message(second!);
  expect(message.subject).toBe('stored');
  await client.client.remove(second!);
  fillDisk(disk, 'after SDK');
  const out = path.join(temporaryDirectory(), 'out');
  expect(await runProgram(['export', out, '--from', server.url, '--account', BOB]).exit).toBe(0);
  const left = await server.ids();
  expect(readdirSync(out)).toHaveLength(left.length);
  expect(await server.stop()).toBe(0);

  fillDisk(disk, 'before the start');
  server = await start(data);
  expect(await server.ids()).toEqual(left);
  await expect(server.capture(10)).rejects.toThrow(/452 4\.3\.1 .*full/);
  // Deleting messages frees space, so mail is accepted again.
  expect((await fetch(`${server.url}/api/messages?all=true`, { method: 'DELETE' })).status).toBe(200);
  await soon(() => server.capture());
  expect(await fetch(`${server.url}/readyz`)).toHaveProperty('status', 200);
  expect(await server.stop()).toBe(0);
});

it('serves messages from a read-only file system, and reports why it rejects mail', async ({ skip }) => {
  const data = temporaryDirectory();
  const first = await start(data);
  await first.capture(2);
  expect(await first.stop()).toBe(0);
  if (spawnSync('mount', ['--bind', data, data]).status !== 0) return skip('nothing can be mounted here');
  onTestFinished(() => void execFileSync('umount', ['-l', data]));
  execFileSync('mount', ['-o', 'remount,bind,ro', data]);
  const server = await start(data);
  const [id] = await server.ids();
  expect((await fetch(`${server.url}/api/messages/${id!}/raw`)).status).toBe(200);
  await expect(server.capture()).rejects.toThrow(/451 4\.3\.0 .*read-only/);
  const refused = await fetch(`${server.url}/api/messages/${id!}`, { method: 'DELETE' });
  expect(refused.status).toBe(507);
  expect(await refused.text()).toContain('read-only');
  expect((await server.json<Info>('info')).store.warnings.join()).toContain(`${data} is only read`);
  expect(await server.ids()).toHaveLength(2);
  expect(await server.stop()).toBe(0);
});

it('rejects mail after its data directory was deleted, continues to serve requests, and creates no other directory', async () => {
  const data = path.join(temporaryDirectory(), 'data');
  const server = await start(data);
  await server.capture(2);
  rmSync(data, { recursive: true });
  await expect(server.capture()).rejects.toThrow(/451 4\.3\.0 .*was deleted, moved or replaced/);
  expect(await server.ids()).toHaveLength(2);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect((await server.json<Info>('info')).store.warnings.join()).toContain(data);
  expect(await server.stop()).toBe(0);
  expect(existsSync(data)).toBe(false);
});

it('starts with an inaccessible data directory, reports its path, and rejects mail', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root can run the program as another user');
  const base = temporaryDirectory();
  chmodSync(base, 0o755);
  const closed = path.join(base, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const server = await start(closed, NOBODY);
  await expect(server.capture()).rejects.toThrow(/451 4\.3\.0 .*permission/i);
  expect((await server.json<Info>('info')).store.warnings.join()).toContain(`${closed} is only read`);
  expect(await server.ids()).toEqual([]);
  expect(await server.stop()).toBe(0);
});

it('serves the files that its user may read, and rejects mail if its user may not write', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) return skip('only root can run the program as another user');
  const base = temporaryDirectory();
  chmodSync(base, 0o755);
  const data = path.join(base, 'data');
  const first = await start(data);
  await first.capture(2);
  expect(await first.stop()).toBe(0);
  execFileSync('chmod', ['-R', 'a+rX', data]);
  const server = await start(data, NOBODY);
  await expect(server.capture()).rejects.toThrow(/451 4\.3\.0 .*permission/i);
  const [id] = await server.ids();
  expect((await fetch(`${server.url}/api/messages/${id!}/raw`)).status).toBe(200);
  expect(await server.stop()).toBe(0);
  execFileSync('chmod', ['-R', 'go-rwx', path.join(data, 'raw')]);
  const again = await start(data, NOBODY);
  expect((await fetch(`${again.url}/api/messages/${id!}/raw`)).status).toBeGreaterThanOrEqual(400);
  expect(await again.ids()).toHaveLength(2);
  expect(await again.stop()).toBe(0);
});

it('rejects mail while its user may not write, and accepts mail afterwards', async ({ skip }) => {
  if (process.getuid?.() !== 0) return skip('only root can run the program as another user');
  const base = temporaryDirectory();
  chmodSync(base, 0o755);
  const data = path.join(base, 'data');
  mkdirSync(data);
  chownSync(data, NOBODY, NOBODY);
  const server = await start(data, NOBODY);
  await server.capture();
  execFileSync('chown', ['-R', '0:0', path.join(data, 'raw')]);
  execFileSync('chmod', ['-R', 'a+rX', path.join(data, 'raw')]);
  // The server can append more messages to the segment that it has open, but no other segment can be created.
  await expect(server.capture(20)).rejects.toThrow(/451 4\.3\.0 .*permission/i);
  const stored = await server.ids();
  for (const id of stored) expect((await fetch(`${server.url}/api/messages/${id}/raw`)).status).toBe(200);
  await expect(server.capture()).rejects.toThrow(/451 4\.3\.0 .*permission/i);
  expect(await server.ids()).toEqual(stored);
  execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, path.join(data, 'raw')]);
  await soon(() => server.capture());
  expect(await server.ids()).toHaveLength(stored.length + 1);
  expect(await server.stop()).toBe(0);
});
