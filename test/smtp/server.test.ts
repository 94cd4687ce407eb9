/** Tests the SMTP server with real clients: speed, TLS, closing, time limits. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import nodemailer from 'nodemailer';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { localAuthority } from '../../server/net/tls/local-authority.ts';
import { startCapture, type TestCapture } from '../helpers/capture.ts';
import { runScript } from '../helpers/dialog.ts';
import { sendRaw } from '../helpers/smtp.ts';

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const material = () =>
  localAuthority({ directory: null, hosts: ['localhost', '127.0.0.1'], clock: Date.now });
const script = (text: string, target: { host: string; port: number; secure?: boolean }): Promise<void> =>
  runScript(text, 'inline', () => Promise.resolve(target));

const begin = 'c connect\nc <... 220 {*}\nc -> EHLO app.example.test\nc <... 250 {*}\n';
const envelope = 'c -> MAIL FROM:<a@x.test>\nc <- 250 {*}\nc -> RCPT TO:<b@x.test>\nc <- 250 {*}\n';

describe('capture', () => {
  it('accepts a message without the usual delays of servers', async () => {
    const server = await startCapture();
    await sendRaw(server, [Buffer.from('warm: up\r\n\r\n')]);
    // The package smtp-server alone would send the greeting after a timer of 100 ms. In this test, timers never fire,
    // so a session ends only if it needs no timer.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await sendRaw(server, [Buffer.from('Subject: quick\r\n\r\nx\r\n')]);
    expect(await server.messages()).toHaveLength(2);
  });

  it('stores envelope, parameters, origin and transcript', async () => {
    const server = await startCapture();
    await script(
      `${begin}c -> MAIL FROM:<A@X.test> SIZE=100 BODY=8BITMIME ENVID=q+2B RET=HDRS
c <- 250 {*}
c -> RCPT TO:<Bob@X.test> NOTIFY=FAILURE
c <- 250 {*}
c -> RCPT TO:<c@x.test>
c <- 250 {*}
c -> DATA
c <- 354 {*}
c -> Subject: x
c -> 
c -> .
c <- 250 2.0.0 Ok: queued as {id}`,
      server,
    );
    const [message] = await server.messages();
    expect(message?.fullEnvelope).toEqual({
      from: {
        address: 'A@X.test',
        parameters: { SIZE: '100', BODY: '8BITMIME', ENVID: 'q+2B', RET: 'HDRS' },
      },
      to: [
        { address: 'Bob@X.test', parameters: { NOTIFY: 'FAILURE' } },
        { address: 'c@x.test', parameters: {} },
      ],
    });
    expect(message?.origin).toMatchObject({ kind: 'smtp', helo: 'app.example.test', tls: null, user: null });
    expect(message?.origin.peer).toMatch(/^127\.0\.0\.1:\d+$/);
    const said = message?.transcript.map(({ from, text }) => `${from}: ${text}`) ?? [];
    expect(said[0]).toBe('server: 220 mx.test ESMTP Restante');
    expect(said.slice(-3)).toEqual([
      'server: 354 End data with <CR><LF>.<CR><LF>',
      'note: 14 octets of message',
      `server: 250 2.0.0 Ok: queued as ${message?.id ?? ''}`,
    ]);
    expect((await server.messages('bob@x.test')).map(({ id }) => id)).toEqual([message?.id]);
    expect((await server.messages('c@x.test')).map(({ id }) => id)).toEqual([message?.id]);
  });

  it('stores no credentials in the transcript', async () => {
    const server = await startCapture();
    await script(
      `${begin}c -> AUTH LOGIN
c <- 334 {*}
c -> {base64 user@x.test}
c <- 334 {*}
c -> {base64 open-sesame}
c <- 235 {*}
${envelope}c -> DATA
c <- 354 {*}
c -> .
c <- 250 {*}`,
      server,
    );
    const [message] = await server.messages();
    const text = JSON.stringify(message);
    expect(text).toContain('AUTH LOGIN');
    for (const secret of ['open-sesame', Buffer.from('open-sesame').toString('base64')]) {
      expect(text).not.toContain(secret);
    }
    expect(message?.origin.user).toBe('user@x.test');
    expect(await server.messages('user@x.test')).toHaveLength(1);
  });

  it('accepts 60 MB and 1,000 recipients', async () => {
    const server = await startCapture({ smtp: { maxMessageSize: 70_000_000 } });
    const line = `${'0123456789abcdef'.repeat(60)}\r\n`;
    const raw = Buffer.from(`Subject: large\r\n\r\n${line.repeat(62_500)}`);
    const to = Array.from({ length: 1000 }, (_, n) => `r${n}@x.test`);
    await sendRaw(server, [raw], { from: 'a@x.test', to });
    expect(raw.length).toBeGreaterThan(60_000_000);
    expect(digest(await server.raw())).toBe(digest(raw));
    expect((await server.messages())[0]?.envelope.to).toHaveLength(1000);
  });

  it('remembers refused and abandoned sessions', async () => {
    const server = await startCapture();
    await script(
      `${begin}${envelope}c -> RCPT TO:<>\nc <- 501 {*}\nc -> DATA\nc <- 354 {*}\nc -> half a`,
      server,
    );
    await expect
      .poll(() => server.capture.refusals(0))
      .toMatchObject([
        { from: 'a@x.test', to: ['b@x.test'], reply: '501 5.1.3 Bad recipient address syntax', rule: null },
        { from: 'a@x.test', to: ['b@x.test'], reply: 'The connection ended before the message' },
      ]);
    expect(server.capture.counts).toEqual({ captured: 0, refused: 2, handshakes: 0 });
  });

  it('lists open sessions with their recipients', async () => {
    const server = await startCapture();
    const socket = net.connect(server.port, server.host);
    onTestFinished(() => {
      socket.destroy();
    });
    socket.write('EHLO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<Bob@x.test>\r\n');
    const open = (account?: string) => server.capture.openSessions(account as never);
    await expect.poll(() => open()).toMatchObject([{ from: 'a@x.test', to: ['Bob@x.test'] }]);
    expect(open('bob@x.test')).toHaveLength(1);
    expect(open('eve@x.test')).toHaveLength(0);
    socket.write('RSET\r\n');
    await expect.poll(() => open('bob@x.test')).toHaveLength(0);
    socket.end();
    await expect.poll(() => open()).toEqual([]);
  });
});

describe('closing', () => {
  it('waits for a transaction in progress, and disconnects idle clients', async () => {
    const server = await startCapture();
    const idle = script('c connect\nc <- 220 {*}\nc <- 421 4.3.2 Server shutting down\nc closed', server);
    const socket = net.connect(server.port, server.host);
    let said = '';
    socket.setEncoding('latin1').on('data', (text: string) => (said += text));
    socket.write('EHLO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n');
    await expect.poll(() => said).toContain('250 2.1.5');
    await expect.poll(() => server.server.connections).toBe(2);
    const closed = server.server.close();
    const ended = once(socket, 'close');
    await idle;
    socket.write('DATA\r\nSubject: last\r\n\r\n.\r\n');
    await Promise.all([closed, ended]);
    expect(said).toMatch(/250 2\.0\.0 Ok: queued as \w+\r\n421 4\.3\.2 Server shutting down\r\n$/);
    expect(await server.messages()).toHaveLength(1);
  });
});

describe('TLS', () => {
  it('is offered only with a certificate, and discards earlier commands', async () => {
    const server = await startCapture({ smtp: { tls: await material() } });
    await script(
      `${begin}c -> STARTTLS now
c <- 501 {*}
${envelope}c -> STARTTLS
c <- 220 2.0.0 Ready to start TLS
c tls
c -> RCPT TO:<b@x.test>
c <- 503 5.5.1 Send HELO/EHLO first
c -> EHLO app.example.test
c <- 250-mx.test {*}
c <... 250 HELP
c -> STARTTLS
c <- 503 5.5.1 TLS already active
${envelope}c -> DATA
c <- 354 {*}
c -> .
c <- 250 {*}`,
      server,
    );
    const [message] = await server.messages();
    expect(message?.origin.tls).toMatchObject({ protocol: 'TLSv1.3' });
  });

  it('runs no command that was sent in clear text after STARTTLS', async () => {
    const server = await startCapture({ smtp: { tls: await material() } });
    await script(
      `c connect
c <... 220 {*}
c -> EHLO app.example.test
c <... 250 {*}
c ->| STARTTLS\\r\\nMAIL FROM:<injected@x.test>\\r\\n
c <- 220 2.0.0 Ready to start TLS
c tls
c -> RCPT TO:<b@x.test>
c <- 503 5.5.1 Send HELO/EHLO first`,
      server,
    );
    await script(
      'c connect\nc <... 220 {*}\nc -> STARTTLS\nc <- 220 {*}\nc -> no handshake\nc closed',
      server,
    );
    expect(server.capture.refusals(0)).toMatchObject([
      { from: null, to: [], handshake: false },
      { from: null, to: [], handshake: true },
    ]);
  });

  it('may be required', async () => {
    const server = await startCapture({ smtp: { tls: await material(), requireTls: true } });
    await script(
      `c connect
c <... 220 {*}
c -> EHLO app.example.test
c <... 250-STARTTLS
c <- 250 HELP
c -> MAIL FROM:<a@x.test>
c <- 530 5.7.0 Must issue a STARTTLS command first
c -> AUTH PLAIN {base64 \\0u\\0p}
c <- 530 5.7.0 Must issue a STARTTLS command first
c -> STARTTLS
c <- 220 {*}
c tls
c -> EHLO app.example.test
c <... 250-AUTH {*}
c <... 250 HELP
${envelope}`,
      server,
    );
  });

  it('may start with the first octet', async () => {
    const server = await startCapture({ smtp: { tls: await material(), implicitTls: true } });
    await script(`${begin}${envelope}`, { ...server, secure: true });
  });
});

describe('Nodemailer', () => {
  async function send(server: TestCapture, options: object, mail: object = {}): Promise<string> {
    const transport = nodemailer.createTransport({ host: server.host, port: server.port, ...options });
    const info = await transport.sendMail({
      from: 'a@x.test',
      to: 'b@x.test',
      subject: 'Grüße',
      text: 'hello',
      attachments: [{ filename: 'x.bin', content: Buffer.alloc(3000, 0xfe) }],
      ...mail,
    });
    return info.response;
  }

  it('sends, with and without TLS and login', async () => {
    const tls = await material();
    const server = await startCapture({ smtp: { tls }, listed: { bob: 'wonderland' } });
    const implicit = await server.listen({ implicitTls: true });
    const trust = { tls: { ca: tls.ca!, servername: 'localhost' } };
    const auth = { user: 'bob', pass: 'wonderland' };
    expect(await send(server, { ignoreTLS: true })).toMatch(/^250 2\.0\.0 Ok: queued as \w+$/);
    expect(await send(server, { requireTLS: true, auth, ...trust })).toMatch(/^250/);
    expect(await send(server, { auth, authMethod: 'CRAM-MD5', ...trust })).toMatch(/^250/);
    expect(await send(server, { ...trust, port: implicit.address().port, secure: true })).toMatch(/^250/);
    const messages = await server.messages();
    expect(messages.map(({ origin }) => [origin.tls !== null, origin.user])).toEqual([
      [false, null],
      [true, 'bob'],
      [true, 'bob'],
      [true, null],
    ]);
    await expect(send(server, { auth: { user: 'bob', pass: 'no' }, ignoreTLS: true })).rejects.toMatchObject({
      responseCode: 535,
    });
  });

  it('sends internationalised addresses and delivery status requests', async () => {
    const server = await startCapture();
    const dsn = {
      id: 'some id',
      return: 'headers',
      notify: ['success', 'failure'],
      recipient: 'orig@x.test',
    };
    await send(server, {}, { to: 'grün@x.test', dsn });
    const [message] = await server.messages();
    expect(message?.fullEnvelope).toMatchObject({
      from: { parameters: { SMTPUTF8: true, RET: 'HDRS' } },
      to: [{ address: 'grün@x.test', parameters: { NOTIFY: 'SUCCESS,FAILURE' } }],
    });
  });
});
