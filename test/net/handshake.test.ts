/**
 * Tests clients that fail at TLS: each failure is reported with a reason in all places where users look for
 * missing mail.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';
import { handshakeReason } from '../../server/net/tls/handshake.ts';
import { openTestSandbox, startTestSandbox, type Address, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, runTool } from '../helpers/tool.ts';

const MINUTE = 60_000;

interface Refused {
  readonly protocol: string;
  readonly handshake: boolean;
  readonly peer: string | null;
  readonly reply: string;
}

const ended = async (socket: net.Socket): Promise<void> => {
  socket.on('error', () => undefined).resume();
  // `once` of node:events would reject because of the error that is expected here.
  if (!socket.destroyed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
};

/** Connects with TLS from the first octet, and does not trust the certificate authority. */
const distrust = (address: Address): Promise<void> =>
  ended(tls.connect({ ...address, servername: 'localhost' }));

/** Sends octets, and disconnects after the server has closed the connection. */
function send(address: Address, text: string): Promise<void> {
  const socket = net.connect(address);
  socket.write(text);
  return ended(socket);
}

/** Requests TLS on a plain connection, then does a handshake without trusting the certificate. */
async function upgrade(address: Address, ask: string, granted: RegExp, then?: string): Promise<void> {
  const socket = net.connect(address);
  let said = '';
  socket.write(ask);
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (granted.test(said)) resolve();
    });
  });
  socket.removeAllListeners('data');
  if (then !== undefined) {
    socket.write(then);
    return ended(socket);
  }
  return ended(tls.connect({ socket, servername: 'localhost' }));
}

describe('a client that fails at TLS', () => {
  let sandbox: TestSandbox;
  const logged: string[] = [];
  let now = Date.now();
  beforeAll(async () => {
    const logger = pino({ level: 'warn' }, { write: (line) => logged.push(line) });
    sandbox = await openTestSandbox({ tls: 'auto' }, { logger, clock: () => now });
    return () => sandbox.close();
  });
  const at = (protocol: string): Address => {
    const { host, port } = sandbox.sandbox.endpoints.find((endpoint) => endpoint.protocol === protocol)!;
    return { host, port };
  };
  const refused = async (): Promise<readonly Refused[]> =>
    (await sandbox.json<{ refused: readonly Refused[] }>('sessions')).refused;
  /** Returns the refusals that were added while `act` ran. */
  async function added(act: () => Promise<void>): Promise<readonly Refused[]> {
    const before = (await refused()).length;
    await act();
    await expect.poll(async () => (await refused()).length).toBeGreaterThan(before);
    return (await refused()).slice(before);
  }

  const LEFT = /^TLS failed: the client disconnected .*trust the certificate; with --memory .*tls\/ca\.crt$/;

  it.each(['smtps', 'imaps', 'pop3s'])('does not trust the certificate of %s', async (protocol) => {
    const [one, ...more] = await added(() => distrust(at(protocol)));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ protocol, handshake: true, reply: expect.stringMatching(LEFT) });
    expect(one?.peer).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['smtp', 'EHLO x.test\r\nSTARTTLS\r\n', /220 2.*\r\n/],
    ['imap', 'a STARTTLS\r\n', /a OK.*\r\n/],
    ['pop3', 'STLS\r\n', /\+OK Begin.*\r\n/],
  ])('upgrades %s, then does not trust the certificate', async (protocol, ask, granted) => {
    const [one, ...more] = await added(() => upgrade(at(protocol), ask, granted));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ protocol, handshake: true, reply: expect.stringMatching(LEFT) });
  });

  it.each([
    ['smtp', 'STARTTLS\r\n', /220 2.*\r\n/],
    ['imap', 'a STARTTLS\r\n', /a OK.*\r\n/],
    ['pop3', 'STLS\r\n', /\+OK Begin.*\r\n/],
  ])('upgrades %s, then does not use TLS', async (protocol, ask, granted) => {
    const [one, ...more] = await added(() => upgrade(at(protocol), ask, granted, 'no handshake at all\r\n'));
    expect(more).toEqual([]);
    expect(one?.reply).toBe('TLS failed: the client sent octets that are not TLS');
  });

  it.each(['smtps', 'imaps', 'pop3s'])('does not use TLS on %s', async (protocol) => {
    const [http] = await added(() => send(at(protocol), 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
    expect(http?.reply).toBe('TLS failed: the client sent plain HTTP to a port that requires TLS');
    const [garbage] = await added(() => send(at(protocol), 'EHLO app.example.test\r\n'));
    expect(garbage?.reply).toBe('TLS failed: the client sent octets that are not TLS');
  });

  it.each(['smtps', 'imaps', 'pop3s'])('sends nothing on %s', async (protocol) => {
    const silent = async (): Promise<void> => {
      const socket = net.connect(at(protocol));
      await once(socket, 'connect');
      socket.end();
      await ended(socket);
    };
    const [one, ...more] = await added(silent);
    expect(more).toEqual([]);
    expect(one?.reply).toMatch(/^TLS failed: the client sent nothing .* use the port without TLS$/);
  });

  it.each(['smtp', 'imap', 'pop3', 'http'])(
    'begins %s with TLS on the port without TLS',
    async (protocol) => {
      const [one, ...more] = await added(() => distrust(at(protocol)));
      expect(more).toEqual([]);
      const { port } = at(protocol);
      const secure = at(`${protocol}s`).port;
      const here = protocol === 'http' ? `http:// in its URL with port ${port}` : `STARTTLS on port ${port}`;
      expect(one).toMatchObject({
        protocol,
        reply:
          'TLS failed: the client began with TLS on a port that begins in clear text; ' +
          `let it use port ${secure}, which begins with TLS, or ${here}`,
      });
      expect(JSON.parse(logged.at(-1)!)).toMatchObject({ protocol, port, msg: one?.reply });
    },
  );

  it('does not trust the certificate of https', async () => {
    const [one, ...more] = await added(() => distrust(at('https')));
    expect(more).toEqual([]);
    expect(one).toMatchObject({ protocol: 'https', handshake: true, reply: expect.stringMatching(LEFT) });
  });

  it.skipIf(!installed('curl'))('is curl, which rejects the certificate of https by an alert', async () => {
    const curl = async (): Promise<void> => {
      const { code } = await runTool('curl', ['-sS', `https://localhost:${at('https').port}/livez`]);
      expect(code).toBe(60);
    };
    const [one, ...more] = await added(curl);
    expect(more).toEqual([]);
    expect(one?.reply).toMatch(
      /^TLS failed: the client rejected the certificate: unknown CA;.*tls\/ca\.crt$/,
    );
  });

  it('sends plain HTTP to the HTTPS port, and gets a plain response', async () => {
    const { port } = at('https');
    const get = async (): Promise<void> => {
      const response = await fetch(`http://localhost:${port}/`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        type: 'urn:restante:https',
        detail: expect.stringContaining('https://'),
      });
    };
    const [one, ...more] = await added(get);
    expect(more).toEqual([]);
    expect(one?.reply).toBe('TLS failed: the client sent plain HTTP to a port that requires TLS');
  });

  it('is reported by a wait that began after it, unless the client cannot have sent mail', async () => {
    const { seq } = await sandbox.json<{ seq: number }>('info');
    await added(() => distrust(at('smtps')));
    const response = await sandbox.api(`messages/wait?account=b@x.test&after=${seq}&timeout=1`);
    const problem = (await response.json()) as { refused: readonly Refused[] };
    expect(problem.refused.map(({ protocol }) => protocol)).toContain('smtps');
    expect(problem.refused.filter(({ protocol }) => /^(imap|pop3)/.test(protocol))).toEqual([]);
  });

  it('is counted', async () => {
    await added(() => distrust(at('smtps')));
    const metrics = await (await fetch(new URL('metrics', sandbox.url))).text();
    const failures = (await refused()).filter(({ handshake }) => handshake).length;
    expect(metrics).toContain(`restante_tls_failures_total ${failures}\n`);
  });

  it('is logged, and its repetitions are counted in one later line', async () => {
    // After a minute, the omitted log lines of the previous tests are counted in one line, so the clock is advanced
    // first.
    now += MINUTE;
    await added(() => distrust(at('smtps')));
    now += MINUTE;
    logged.length = 0;
    for (let count = 0; count < 5; count++) await added(() => distrust(at('smtps')));
    expect(logged).toHaveLength(1);
    now += MINUTE;
    await added(() => distrust(at('smtps')));
    const [first, last] = logged.map((line) => JSON.parse(line) as { msg: string });
    expect(first).toMatchObject({
      protocol: 'smtps',
      port: at('smtps').port,
      msg: expect.stringMatching(LEFT),
    });
    expect(last?.msg).toBe(`${first!.msg} (4 more of these since the last line)`);
    // If the clock is set back, no line of the log is suppressed.
    now -= 2 * MINUTE;
    await added(() => distrust(at('smtps')));
    expect(logged).toHaveLength(3);
  });

  it('is not reported for a client that trusts the certificate, or that sends application data', async () => {
    const before = (await refused()).length;
    const socket = tls.connect({ ...at('smtps'), rejectUnauthorized: false });
    socket.write('QUIT\r\n');
    await ended(socket);
    const imap = tls.connect({ ...at('imaps'), rejectUnauthorized: false });
    imap.write('a LOGOUT\r\n');
    await ended(imap);
    const agent = new https.Agent({ rejectUnauthorized: false });
    const request = https.get({ ...at('https'), agent, path: '/livez' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response.resume(), 'end');
    agent.destroy();
    // A plain connection that sends nothing is not reported.
    const clear = net.connect(at('smtp'));
    await once(clear, 'data');
    clear.end();
    await ended(clear);
    expect(await refused()).toHaveLength(before);
  });
});

it.each(['smtp', 'imap', 'pop3', 'http'])(
  'names --tls auto to a client that begins %s with TLS',
  async (protocol) => {
    const sandbox = await startTestSandbox();
    const { host, port } = sandbox.sandbox.endpoints.find((endpoint) => endpoint.protocol === protocol)!;
    await distrust({ host, port });
    const replies = async (): Promise<readonly string[]> =>
      (await sandbox.json<{ refused: readonly Refused[] }>('sessions')).refused.map(({ reply }) => reply);
    const clear = protocol === 'http' ? 'http:// in its URL' : 'no TLS';
    await expect
      .poll(replies)
      .toEqual([
        'TLS failed: the client began with TLS on a port that begins in clear text; ' +
          `let it use ${clear} with port ${port}, or start Restante with --tls auto`,
      ]);
  },
);

it('names the fault that an option sets', async () => {
  const sandbox = await startTestSandbox({ tlsFault: 'handshake' });
  const { host, port } = sandbox.sandbox.endpoints.find(({ protocol }) => protocol === 'smtps')!;
  await distrust({ host, port });
  const replies = async (): Promise<readonly string[]> =>
    (await sandbox.json<{ refused: readonly Refused[] }>('sessions')).refused.map(({ reply }) => reply);
  await expect
    .poll(replies)
    .toEqual(['TLS failed: the client and the server have no cipher or signature in common']);
});

it.each([
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'the client rejected the certificate: unknown CA', 'trust'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'the client rejected the certificate', 'trust'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'the client rejected the certificate', 'trust'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'the client rejected the certificate', 'trust'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'the client rejected the certificate: it has expired', 'trust'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'the client and the server have no version of TLS in common', 'none'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'the client did not finish the handshake in time', 'none'],
  ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', 'the client sent the alert “access denied”', 'none'],
  ['ECONNRESET', expect.stringContaining('disconnected during the handshake'), 'trust'],
  ['ERR_OTHER', 'something else', 'none'],
])('explains %s', (code, reason, advice) => {
  const error = Object.assign(new Error('something else\nand more'), { code });
  expect(handshakeReason(error)).toEqual({ reason, advice });
});
