/** Tests limits, further listeners and trusted peers. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { localAuthority } from '../../server/net/tls/local-authority.ts';
import { startCapture, type TestCapture } from '../helpers/capture.ts';
import { runScript } from '../helpers/dialog.ts';

const script = (text: string, target: { host: string; port: number; secure?: boolean }): Promise<void> =>
  runScript(text, 'inline', () => Promise.resolve(target));
const begin = 'c connect\nc <... 220 {*}\nc -> EHLO app.example.test\nc <... 250 {*}\n';
const message = `c ->| MAIL FROM:<a@x.test>\\r\\nRCPT TO:<b@x.test>\\r\\nDATA\\r\\n.\\r\\n
c <... 354 {*}
c <- 250 2.0.0 Ok: queued as {*}
`;

describe('limits', () => {
  it('limit the connections of one client', async () => {
    const server = await startCapture({ smtp: { limits: { connectionsPerClient: 2 } } });
    await script(
      `a connect
a <- 220 {*}
b connect
b <- 220 {*}
c connect
c <- 421 4.7.0 Too many connections from 127.0.0.1
c closed
b -> QUIT
b <- 221 {*}
b closed
d connect
d <- 220 {*}`,
      server,
    );
    expect(server.capture.refusals(0)).toMatchObject([
      { reply: '421 4.7.0 Too many connections from 127.0.0.1' },
    ]);
  });

  it('limit the messages of one connection', async () => {
    const server = await startCapture({ smtp: { limits: { messagesPerConnection: 2 } } });
    const over = 'c -> MAIL FROM:<a@x.test>\nc <- 421 4.7.0 Too many messages in this connection\nc closed';
    await script(`${begin}${message}${message}${over}`, server);
  });

  it('limit the messages of one client in a minute', async () => {
    let now = 0;
    const server = await startCapture({ smtp: { limits: { messagesPerMinute: 1 }, clock: () => now } });
    const over =
      'c -> MAIL FROM:<a@x.test>\nc <- 450 4.7.1 Too many messages from 127.0.0.1, try again later\n';
    await script(`${begin}${message}${over}${begin}${over}`, server);
    now = 60_000;
    await script(`${begin}${message}`, server);
  });

  it('limit the errors of one connection', async () => {
    const server = await startCapture({ smtp: { limits: { errorsPerConnection: 3 } } });
    await script(
      `${begin}c -> DATA
c <- 503 {*}
c -> RCPT TO:<>
c <- 501 {*}
c -> EXPN x
c <- 502 {*}
c <- 421 4.7.0 Too many errors
c closed`,
      server,
    );
  });

  it('may be rules: a rate is a count within a time', async () => {
    let now = 0;
    const server = await startCapture({ capture: { clock: () => now } });
    await server.capture.rules.put({
      on: 'mail',
      per: 'ip',
      after: 2,
      within: '1m',
      then: { reject: '450 4.7.1 slow down' },
    });
    const over = 'c -> MAIL FROM:<a@x.test>\nc <- 450 4.7.1 slow down\n';
    await script(`${begin}${message}${message}${over}${over}`, server);
    now = 60_000;
    await script(`${begin}${message}`, server);
  });
});

describe('LMTP', () => {
  it('accepts LHLO and replies for each recipient', async () => {
    const server = await startCapture({ smtp: { lmtp: true, maxMessageSize: 100 } });
    const envelope =
      'c ->| MAIL FROM:<a@x.test>\\r\\nRCPT TO:<b@x.test>\\r\\nRCPT TO:<c@x.test>\\r\\nDATA\\r\\n\n';
    await script(
      `c connect
c <- 220 mx.test LMTP Restante
c -> EHLO app.example.test
c <... 500 {*}
c -> LHLO app.example.test
c <... 250 HELP
${envelope}c ->| Subject: x\\r\\n.\\r\\n
c <... 354 {*}
c <- 250 2.0.0 Ok: queued as {id}
c <- 250 2.0.0 Ok: queued as {id}
${envelope}c ->|*20 0123456789\\r\\n
c ->| .\\r\\n
c <... 354 {*}
c <- 552 5.3.4 {*}
c <- 552 5.3.4 {*}
c -> NOOP
c <- 250 2.0.0 Ok`,
      server,
    );
    expect((await server.messages())[0]?.origin.kind).toBe('lmtp');
  });
});

describe('peers that send the data of other clients', () => {
  const peerOf = async (server: TestCapture): Promise<string | null | undefined> =>
    (await server.messages()).at(-1)?.origin.peer;

  it('may use PROXY, if they are trusted', async () => {
    const server = await startCapture({ smtp: { proxies: ['127.0.0.1'] } });
    await server.capture.rules
      .put({ on: 'connect', when: { ip: '203.0.113.0/24' }, then: { tag: 'x' } })
      .catch(() => 0);
    await script(
      `c connect\nc -> PROXY TCP4 203.0.113.9 10.0.0.1 4711 25\n${begin.slice(10)}${message}`,
      server,
    );
    expect(await peerOf(server)).toBe('203.0.113.9:4711');
    await script('c connect\nc -> EHLO app.example.test\nc <- * BAD Invalid PROXY header\nc closed', server);
  });

  it('may use XCLIENT, if they are trusted', async () => {
    const server = await startCapture({ smtp: { xclients: ['127.0.0.1'] } });
    await script(
      `${begin}c -> XCLIENT ADDR=203.0.113.9 PORT=4711 NAME=far.example.test
c <- 220 {*}
c -> EHLO app.example.test
c <- 250-mx.test greets far.example.test
c <... 250 HELP
${message}`,
      server,
    );
    expect(await peerOf(server)).toBe('203.0.113.9:4711');
  });
});

describe('a Unix socket', () => {
  it('accepts mail like a TCP listener', async () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'restante-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const socketPath = path.join(directory, 'smtp');
    const server = await startCapture();
    const listener = await server.listen({ path: socketPath });
    expect(listener.address()).toEqual({ host: socketPath, port: 0 });
    const socket = net.connect(socketPath);
    let said = '';
    socket.setEncoding('latin1').on('data', (text: string) => (said += text));
    socket.write('HELO x.test\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n.\r\nQUIT\r\n');
    await new Promise((resolve) => socket.on('close', resolve));
    expect(said).toMatch(/250 2\.0\.0 Ok: queued/);
    expect((await server.messages())[0]?.origin.peer).toBe(socketPath);
  });
});

describe('STARTTLS', () => {
  it('can be refused, interrupted, or get another reply by a rule', async () => {
    const tls = await localAuthority({ directory: null, hosts: ['localhost'], clock: Date.now });
    const server = await startCapture({ smtp: { tls } });
    await server.capture.rules.put({
      on: 'starttls',
      script: [
        '454 4.7.0 TLS not available',
        'disconnect',
        { disconnect: 'after' },
        { accept: '220 2.0.0 Go ahead' },
      ],
    });
    await script(
      `${begin}c -> STARTTLS
c <- 454 4.7.0 TLS not available
c -> STARTTLS
c closed
${begin}c -> STARTTLS
c <- 220 2.0.0 Ready to start TLS
c closed
${begin}c -> STARTTLS
c <- 220 2.0.0 Go ahead
c tls
c -> NOOP
c <- 250 2.0.0 Ok`,
      server,
    );
  });
});
