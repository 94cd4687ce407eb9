/** Tests the listener and the shared state of sessions: TLS, limits, logs, many idle sessions, stopping. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { accountName } from '../../server/store/ids.ts';
import { certificate } from '../helpers/certificate.ts';
import { startImap, type ImapFixture, type ImapTalk } from '../helpers/imap.ts';

let fixture: ImapFixture | null = null;
const start = async (...args: Parameters<typeof startImap>): Promise<ImapFixture> =>
  (fixture = await startImap(...args));
afterEach(async () => {
  await fixture?.close();
  fixture = null;
});

describe('listening', () => {
  it('reports its address and counts its connections', async () => {
    const { server, login } = await start();
    expect(server.address()).toEqual({ host: '127.0.0.1', port: expect.any(Number) });
    expect(server.connections).toBe(0);
    const talk = await login();
    expect(server.connections).toBe(1);
    expect((await talk.command('LOGOUT')).at(-1)).toBe('OK LOGOUT completed');
    await talk.rest();
    await expect.poll(() => server.connections).toBe(0);
  });

  it('rejects if the port is in use', async () => {
    const { port } = await start();
    await expect(startImap({ port })).rejects.toThrow('EADDRINUSE');
  });

  it('uses TLS from the first octet if configured', async () => {
    const { port } = await start({ tls: certificate, implicitTls: true });
    const socket = tls.connect({ port, host: '127.0.0.1', ca: certificate.cert, servername: 'localhost' });
    const [greeting] = (await once(socket, 'data')) as [Buffer];
    expect(greeting.toString()).toMatch(/^\* OK \[CAPABILITY IMAP4rev1 (?!.*STARTTLS).*AUTH=PLAIN/);
    socket.destroy();
  });

  it('survives a failed handshake', async () => {
    const { port, server } = await start({ tls: certificate, implicitTls: true });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('a LOGIN in clear\r\n');
    await once(socket.resume(), 'close');
    expect(server.connections).toBe(0);
  });

  it('sends BYE to every session when it stops, also during a command', async () => {
    const { server, login } = await start();
    const [idler, reader] = await Promise.all([login(), login()]);
    await idler.ok('SELECT INBOX');
    idler.write('i IDLE\r\n');
    await idler.line();
    const [first, second] = [idler.rest(), reader.rest()];
    await server.close();
    expect(await first).toContain('* BYE The server is shutting down');
    expect(await second).toContain('* BYE The server is shutting down');
  });
});

describe('limits', () => {
  it('refuses a line that is too long under its tag, and continues', async () => {
    const { connect } = await start();
    const talk = await connect();
    talk.write(`long LOGIN ${'x'.repeat(70_000)} y\r\n`);
    expect(await talk.line()).toBe('long BAD [TOOBIG] The line is longer than 65536 octets');
    talk.write(`more LOGIN ${'x'.repeat(70_000)} {5+}\r\nNOOP\n\r\n`);
    expect(await talk.line()).toBe('more BAD [TOOBIG] The line is longer than 65536 octets');
    expect(await talk.command('NOOP')).toEqual(['OK NOOP completed']);
  });

  it('accepts message sets as long as those of real clients', async () => {
    const { login, deliver } = await start();
    await deliver('Subject: x\n\nx\n');
    const talk = await login();
    await talk.ok('SELECT INBOX');
    const set = Array.from({ length: 30_000 }, (_, index) => index * 2 + 1).join(',');
    expect(await talk.ok(`UID FETCH ${set} UID`)).toEqual(['* 1 FETCH (UID 1)']);
  });

  it('ends only a session that is silent for too long', async () => {
    const { server, connect, login } = await start({ idleTimeout: 50 });
    const stranger = await connect();
    const silent = await login();
    expect(await silent.rest()).toBe('* BYE Idle for too long\r\n');
    expect(await stranger.command('NOOP')).toEqual(['OK NOOP completed']);
    await expect.poll(() => server.connections).toBe(1);
  });

  it('does not wait for a refused literal', async () => {
    const { login } = await start({ messageLimit: 1_000 });
    const talk = await login();
    const limit = 'NO [TOOBIG] The literal is larger than 1000 octets';
    expect(await talk.command('APPEND INBOX {1001}')).toEqual([limit]);
    talk.write(`x APPEND INBOX {1001+}\r\n${'a'.repeat(1_001)}\r\n`);
    expect(await talk.until('x')).toEqual([limit]);
    expect(await talk.command('NOOP')).toEqual(['OK NOOP completed']);
  });

  it('sends everything to a slow reader', async () => {
    const { login, deliver } = await start();
    const body = 'line of the body\n'.repeat(60_000);
    for (let at = 0; at < 5; at++) await deliver(`Subject: big\n\n${body}`);
    const talk = await login();
    await talk.ok('SELECT INBOX');
    const lines = await talk.ok('FETCH 1:* BODY.PEEK[TEXT]');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line.length).toBeGreaterThan(1_000_000);
  });
});

describe('the log', () => {
  it('has the dialogue at debug level, without credentials', async () => {
    const logged: string[] = [];
    const { connect } = await start({
      logger: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
      users: new Map([['a@x.test', 'hidden1']]),
    });
    const talk = await connect();
    await talk.command('LOGIN a@x.test wrong2');
    await talk.command(`AUTHENTICATE PLAIN ${Buffer.from('\0a@x.test\0wrong3').toString('base64')}`);
    await talk.command('LOGIN "a@x.test" hidden1');
    await talk.command('LIST "" INBOX');
    const text = logged.join('');
    expect(text).toContain('LOGIN (redacted)');
    expect(text).toContain('AUTHENTICATE (redacted)');
    expect(text).toContain('LIST \\"\\" INBOX');
    for (const secret of ['hidden1', 'wrong2', Buffer.from('\0a@x.test\0wrong3').toString('base64')]) {
      expect(text).not.toContain(secret);
    }
  });
});

describe('many sessions', () => {
  it('are notified of a message at the same time', async () => {
    const { login, deliver } = await start();
    const talks: ImapTalk[] = [];
    for (let at = 0; at < 200; at++) talks.push(await login());
    await Promise.all(talks.map((talk) => talk.ok('SELECT INBOX')));
    for (const talk of talks) talk.write('i IDLE\r\n');
    await Promise.all(talks.map((talk) => talk.line()));

    await deliver('Subject: now\n\nx\n');
    const heard = await Promise.all(talks.map((talk) => talk.line()));
    expect(new Set(heard)).toEqual(new Set(['* 1 EXISTS']));
  });

  it('end if their account is removed', async () => {
    const { login, deliver, store } = await start();
    await deliver('Subject: x\n\nx\n', 'gone@x.test');
    const [idler, reader, other] = await Promise.all([
      login('gone@x.test'),
      login('gone@x.test'),
      login('b@x.test'),
    ]);
    for (const talk of [idler, reader, other]) await talk.ok('SELECT INBOX');
    idler.write('i IDLE\r\n');
    expect(await idler.line()).toBe('+ idling');
    await store.accounts.remove(accountName('gone@x.test'));
    expect(await idler.rest()).toContain('* BYE The selected mailbox was deleted');
    reader.write('n NOOP\r\n');
    expect(await reader.rest()).toContain('* BYE The selected mailbox was deleted');
    expect(await other.command('NOOP')).toEqual(['OK NOOP completed']);
  });

  it('see only their own account', async () => {
    const { login, deliver } = await start();
    await deliver('Subject: for a\n\nx\n', 'a@x.test');
    await deliver('Subject: for b\n\nx\n', 'b@x.test');
    const [a, b, all] = await Promise.all([login('a@x.test'), login('B@X.test'), login('all')]);
    const subjects = async (talk: ImapTalk): Promise<string[]> => {
      await talk.ok('SELECT INBOX');
      const lines = await talk.ok('FETCH 1:* BODY.PEEK[HEADER.FIELDS (SUBJECT)]');
      return lines.map((line) => /Subject: (.*)\r/.exec(line)?.[1] ?? '');
    };
    expect(await subjects(a)).toEqual(['for a']);
    expect(await subjects(b)).toEqual(['for b']);
    expect(await subjects(all)).toEqual(['for a', 'for b']);
  });
});
