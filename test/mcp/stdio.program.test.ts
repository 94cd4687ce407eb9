/**
 * Tests `restante mcp`: the MCP server on standard input and output, with the official clients for both groups of
 * protocol revisions (with sessions, and stateless).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectMcpProgram, eras, structured, type Era, type McpClient } from '../helpers/mcp.ts';
import { temporaryDirectory } from '../helpers/program.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { soon } from '../helpers/soon.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');

function command(args: readonly string[]) {
  const cwd = temporaryDirectory();
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, XDG_DATA_HOME: path.join(cwd, 'data') };
  return { command: process.execPath, args: [program, 'mcp', ...args], env, cwd };
}

const connect = (era: Era, args: readonly string[]): Promise<McpClient> =>
  connectMcpProgram(command(args), era);

/** Returns a port that was free a moment ago, with a range of free ports after it that other tests do not use. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const anyPorts = ['--smtp-port', '0', '--imap-port', '0', '--pop3-port', '0'];

interface Info {
  readonly endpoints: { readonly smtp: string; readonly http: string };
  readonly storage: string;
}

describe.each(eras)('a client of the %s era', (era) => {
  it('gets a sandbox in memory, and reads a sign-up that arrives by SMTP', async () => {
    const client = await connect(era, [...anyPorts, '--http-port', '0']);
    const { address, smtp } = await structured<{ address: string; smtp: string }>(
      client.call('create_inbox', { name: 'sign up' }),
    );
    const { storage, endpoints } = await structured<Info>(client.call('server_info'));
    expect([storage, endpoints.smtp]).toEqual(['memory', smtp]);
    // The stateless client reads the instructions from another process, which it starts to find out which revisions of
    // the protocol it supports.
    if (era === 'initialized') expect(client.instructions()).toContain(smtp);
    const waiting = client.call('wait_for_code', { inbox: address });
    const [host = '', port = ''] = smtp.split(':');
    const transport = createTransport({ host, port: Number(port), ignoreTLS: true });
    await transport.sendMail({
      from: 'app@example.test',
      to: address,
      subject: 'Hi',
      text: 'Your code is 482913.',
    });
    transport.close();
    expect(await structured(waiting)).toMatchObject({ code: '482913' });
  });

  it('joins a running server by its URL, and cancels a wait there', async () => {
    const sandbox = await startTestSandbox({ webAuth: { user: 'dev', password: 'se cret' } });
    const url = sandbox.url.replace('://', '://dev:se%20cret@');
    const client = await connect(era, ['--url', url]);
    const { endpoints } = await structured<Info>(client.call('server_info'));
    expect(endpoints.http).toBe(sandbox.url);
    let waits = 0;
    const { changes } = sandbox.sandbox.store;
    const subscribe = changes.subscribe.bind(changes);
    changes.subscribe = (listener) => {
      const stop = subscribe(listener);
      waits++;
      return () => {
        waits--;
        stop();
      };
    };
    const controller = new AbortController();
    const wait = client.call('wait_for_message', { inbox: 'a@example.test', timeout_ms: 60_000 }, controller);
    const ended = expect(wait).rejects.toThrow();
    await expect.poll(() => waits).toBe(1);
    controller.abort();
    await ended;
    await expect.poll(() => waits).toBe(0);
  });
});

it('notifies a client of the initialized era of changes to the inboxes to which it has subscribed', async () => {
  const sandbox = await startTestSandbox();
  const client = await connect('initialized', ['--url', sandbox.url]);
  const [first, second] = ['restante://inbox/a@example.test', 'restante://inbox/b@example.test'];
  await expect(client.subscribe(['restante://docs/sdk'], () => undefined)).rejects.toThrow('never changes');
  const changes: string[] = [];
  await client.subscribe([first, second], (uri) => changes.push(uri));
  const send = (to: string): Promise<unknown> =>
    client.call('send_message', { from: 'app@example.test', to: [to], subject: 'Hi', text: 'Hi' });
  await send('b@example.test');
  await soon(() => expect(changes).toContain(second));
  await client.unsubscribe(second);
  const before = changes.length;
  await send('b@example.test');
  await send('a@example.test');
  await soon(() => expect(changes.slice(before)).toContain(first));
  expect(changes.slice(before)).not.toContain(second);
});

it('joins the first program, and starts its own sandbox when the first ends', async () => {
  const port = String(await freePort());
  // A stateless client starts a second program for a moment, which could have the sandbox in place of the first.
  const first = await connect('initialized', [...anyPorts, '--http-port', port]);
  const second = await connect('initialized', [...anyPorts, '--http-port', port]);
  const { address } = await structured<{ address: string }>(first.call('create_inbox'));
  await first.call('send_message', { from: 'a@example.test', to: [address], subject: 'Shared', text: 'Hi' });
  expect(await structured(second.call('list_messages', { inbox: address }))).toMatchObject({
    messages: [{ subject: 'Shared' }],
  });
  await first.close();
  // The messages of the first program can be read until that program has ended.
  const total = async (): Promise<number> =>
    (await structured<{ total: number }>(second.call('list_messages', { inbox: address }))).total;
  await expect.poll(total).toBe(0);
  expect((await structured<Info>(second.call('server_info'))).storage).toBe('memory');
});

it('uses any free port for SMTP if the configured one is in use, and reports it', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as net.AddressInfo;
  const args = ['--smtp-port', String(port), '--imap-port', '0', '--pop3-port', '0', '--http-port', '0'];
  const client = await connect('stateless', args);
  const { endpoints } = await structured<Info>(client.call('server_info'));
  expect(endpoints.smtp).toMatch(/^127\.0\.0\.1:\d+$/);
  expect(endpoints.smtp).not.toBe(`127.0.0.1:${port}`);
});

it('answers a line that is not JSON with an error, and ends with its input', async () => {
  const { args, env, cwd } = command([...anyPorts, '--http-port', '0']);
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.write('not JSON\n{"jsonrpc":"2.0","id":"a","method":"ping"}\n');
  await expect.poll(() => output.split('\n').length).toBe(3);
  const messages = output
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(messages).toContainEqual(
    expect.objectContaining({ error: expect.objectContaining({ code: -32_700 }) }),
  );
  expect(messages).toContainEqual({ jsonrpc: '2.0', id: 'a', result: {} });
  child.stdin.end();
  expect(await once(child, 'close')).toEqual([0, null]);
});

it('reports a server that does not respond as the error of a call', async () => {
  const { args, env, cwd } = command(['--url', `http://127.0.0.1:${await freePort()}`]);
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdout.setEncoding('utf8');
  child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
  const [line] = (await once(child.stdout, 'data')) as [string];
  expect(JSON.parse(line)).toMatchObject({
    id: 1,
    error: { message: expect.stringContaining('does not respond') },
  });
});
