/** Tests of options for listeners, limits and TLS faults, from the configuration to the connection of a client. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../server/sandbox/index.ts';
import { resolveConfig } from '../server/config/index.ts';
import { temporaryDirectory } from './helpers/program.ts';

const FREE = ['smtp', 'http', 'https', 'imap', 'pop3'].flatMap((name) => [`--${name}-port`, '0']);

async function start(...options: string[]) {
  const argv = ['--memory', ...FREE, ...options];
  const { config } = resolveConfig({ argv, env: {}, cwd: temporaryDirectory() });
  const sandbox = await createSandbox({ ...config, smtpsPort: 0, imapsPort: 0, pop3sPort: 0 });
  onTestFinished(() => sandbox.close());
  const port = (protocol: string, nth = 0): number =>
    sandbox.endpoints.filter((one) => one.protocol === protocol)[nth]?.port ?? -1;
  return { ...sandbox, port };
}

/** Sends lines, each after the reply to the previous line. Resolves with all replies. */
async function converse(target: net.NetConnectOpts, lines: readonly string[]): Promise<string> {
  const socket = net.connect(target);
  let received = '';
  const answered = async (): Promise<void> => {
    const before = received.length;
    do {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      received += chunk.toString();
    } while (!/^\d{3} .*\r\n$/m.test(received.slice(before)));
  };
  await answered();
  for (const line of lines) {
    socket.write(`${line}\r\n`);
    await answered();
  }
  socket.destroy();
  return received;
}

describe('--listen', () => {
  it('opens further SMTP and LMTP listeners, on ports and on Unix sockets', async () => {
    const file = path.join(temporaryDirectory(), 'lmtp.sock');
    const sandbox = await start(
      ...['--listen', 'smtp://127.0.0.1:0', '--listen', `lmtp://unix:${file}`, '--tls', 'auto'],
      ...['--listen', 'smtps://[::1]:0'],
    );
    expect(await converse({ port: sandbox.port('smtp', 1) }, ['EHLO x.test'])).toMatch(/250-/);
    const replies = await converse({ path: file }, [
      'LHLO x.test',
      'MAIL FROM:<a@x.test>',
      'RCPT TO:<b@x.test>',
      'RCPT TO:<c@x.test>',
      'DATA',
      'Subject: x\r\n\r\nx\r\n.',
    ]);
    expect(replies).toMatch(/354/);
    expect((await sandbox.store.messages.list({ limit: 1 })).total).toBe(1);
    expect(sandbox.endpoints.find(({ protocol }) => protocol === 'lmtp')).toEqual({
      protocol: 'lmtp',
      host: file,
      port: 0,
      tls: 'starttls',
      url: `lmtp+unix:${file}`,
    });
    const secure = tls.connect({ host: '::1', port: sandbox.port('smtps', 1), rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.destroy();
  });

  it('replaces the socket of a killed process, but no socket in use and no other file', async () => {
    const folder = temporaryDirectory();
    const file = path.join(folder, 'smtp.sock');
    const left = net.createServer().listen(file);
    await once(left, 'listening');
    await expect(start('--listen', `smtp://unix:${file}`)).rejects.toThrow(
      `The Unix socket ${file} is in use by another program: choose another with --listen`,
    );
    left.close();
    await once(left, 'close');
    // A server that closes removes the file of its socket; a killed server does not.
    const code = `require('net').createServer().listen(${JSON.stringify(file)}, () => process.stdout.write('.'))`;
    const killed = spawn(process.execPath, ['-e', code]);
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(existsSync(file)).toBe(true);
    writeFileSync(path.join(folder, 'note'), 'not a socket');
    await start('--listen', `smtp://unix:${file}`);
    await expect(start('--listen', `smtp://unix:${path.join(folder, 'note')}`)).rejects.toThrow(/note/);
  });
});

describe('limits', () => {
  const envelope = ['EHLO x.test', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>'];
  it.each([
    ['--max-recipients', '1', [...envelope, 'RCPT TO:<c@x.test>'], /^452 4\.5\.3/m],
    ['--max-errors', '2', ['NONSENSE', 'NONSENSE'], /^421 4\.7\.0/m],
    ['--max-messages-per-minute', '1', [...envelope, 'RSET', 'MAIL FROM:<a@x.test>'], /^45\d 4\./m],
    [
      '--max-connection-messages',
      '1',
      [...envelope, 'DATA', 'x\r\n.', 'MAIL FROM:<a@x.test>'],
      /^421 4\.7\.0 Too many messages/m,
    ],
  ])('%s %s', async (option, value, lines, reply) => {
    const sandbox = await start(option, value);
    expect(await converse({ port: sandbox.port('smtp') }, lines)).toMatch(reply);
  });

  it('--max-connections', async () => {
    const sandbox = await start('--max-connections', '1');
    const first = net.connect(sandbox.port('smtp'));
    await once(first, 'data');
    expect(await converse({ port: sandbox.port('smtp') }, [])).toMatch(/^421 4\.7\.0 Too many connections/);
    first.destroy();
  });
});

describe('trusted peers', () => {
  it('announce the address of the client with PROXY or XCLIENT', async () => {
    const proxied = await start('--proxy-from', '127.0.0.1');
    const socket = net.connect(proxied.port('smtp'));
    socket.write('PROXY TCP4 203.0.113.7 192.0.2.1 4000 25\r\n');
    const talk = ['EHLO x', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA', 'x\r\n.'];
    for (const line of talk) {
      await once(socket, 'data');
      socket.write(`${line}\r\n`);
    }
    await once(socket, 'data');
    socket.destroy();
    const [message] = (await proxied.store.messages.list({ limit: 1 })).messages;
    const stored = await proxied.store.messages.get(message!.summary.id);
    expect(stored?.origin.peer).toMatch(/^203\.0\.113\.7:/);

    const trusting = await start('--xclient-from', '127.0.0.1');
    expect(await converse({ port: trusting.port('smtp') }, ['EHLO x.test'])).toMatch(/XCLIENT/);
  });
});

describe('--tls-fault', () => {
  const verdict = async (port: number, ca: string | undefined): Promise<string> => {
    const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...(ca && { ca }) });
    try {
      await once(socket, 'secureConnect');
      return 'accepted';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    } finally {
      socket.destroy();
    }
  };
  it.each([
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['handshake', /HANDSHAKE_FAILURE/],
  ])('%s', async (fault, code) => {
    const sandbox = await start('--tls-fault', fault);
    for (const protocol of ['smtps', 'imaps', 'pop3s']) {
      expect(await verdict(sandbox.port(protocol), undefined), protocol).toMatch(code);
    }
  });
});

it.each([
  ['--listen', 'http://127.0.0.1:1', /must be smtp:\/\/HOST:PORT/],
  ['--listen', 'smtp://127.0.0.1:99999', /must be smtp:/],
  ['--tls-fault', 'rusty', /must be one of off, expired/],
])('%s %s is refused', (option, value, message) => {
  expect(() => resolveConfig({ argv: [option, value], env: {}, cwd: '/' })).toThrow(message);
});
