/**
 * Tests peers that send without end: every protocol limits the stored data, reports the limit in its own way, and
 * serves the next client. The cost of a single message is tested in costs.slow.test.ts.
 */
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { collectGarbage } from '../helpers/garbage.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';

const MEGABYTE = Buffer.alloc(1_000_000, 'x');
/** Megabytes that a peer without end sends before the test stops it. */
const FLOOD = 60;
/** Megabytes between two readings of the memory: each reading collects garbage, which takes some 50 ms. */
const READ_EVERY = 20;
/** Megabytes that a flood may keep in memory: the message limit is 1 MB, and some octets wait in the sockets. */
const KEPT = 15;

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await openTestSandbox({ maxMessageSize: 1_000_000 });
});
afterAll(() => sandbox.close());

interface Flooded {
  /** The replies that the server sent to the flood. */
  readonly said: string;
  /** The number of units that were sent. */
  readonly sent: number;
  /** The maximum number of megabytes in memory that any reading during the flood found. */
  readonly most: number;
}

/** Sends `before`, then the given unit up to FLOOD times or until the server closes the connection, then `after`. */
async function flood(port: number, before: string, unit: Buffer, after: string): Promise<Flooded> {
  let most = 0;
  const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let said = '';
  let sent = 0;
  socket.on('error', () => undefined).on('data', (chunk) => (said += chunk.toString('latin1')));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(before);
  for (; sent < FLOOD && !socket.destroyed && socket.writable; sent++) {
    const accepted = socket.write(unit);
    if (!accepted) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    if (sent % READ_EVERY === READ_EVERY - 1) most = Math.max(most, held());
  }
  most = Math.max(most, held());
  socket.end(after);
  await closed;
  return { said, sent, most };
}

/** Megabytes that are reachable, in the heap and outside it. Garbage is collected first and does not count. */
function held(): number {
  collectGarbage();
  const { external, heapUsed } = process.memoryUsage();
  return (external + heapUsed) / 1e6;
}

const portOf = (door: 'smtp' | 'imap' | 'pop3' | 'http'): number =>
  door === 'http' ? Number(new URL(sandbox.url).port) : sandbox[door].port;

const login = 'USER a@x.test\r\nPASS x\r\n';
const envelope = 'EHLO c\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n';
const http = (head: string): string => `${head}\r\nHost: localhost\r\nConnection: close\r\n`;

describe.each<[string, 'smtp' | 'imap' | 'pop3' | 'http', string, string, RegExp]>([
  [
    'a command line by SMTP',
    'smtp',
    'EHLO c\r\n',
    '\r\nNOOP\r\nQUIT\r\n',
    /^500 5\.5\.\d .*long.*\r\n250 /im,
  ],
  ['a line of a message', 'smtp', envelope, '\r\n.\r\nNOOP\r\nQUIT\r\n', /^552 5\.3\.4 .*\r\n250 /m],
  ['an IMAP line before login', 'imap', 'a ', '\r\nb NOOP\r\nc LOGOUT\r\n', /^a BAD .*long.*\r\nb OK /im],
  ['a POP3 line', 'pop3', '', '\r\nCAPA\r\nQUIT\r\n', /^-ERR .*long.*\r\n\+OK /im],
  ['a POP3 line after login', 'pop3', `${login}TOP `, '\r\nNOOP\r\nQUIT\r\n', /^-ERR .*long.*\r\n\+OK /im],
  ['the address of an HTTP request', 'http', 'GET /', ' HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 4\d\d /],
  ['an HTTP header', 'http', `${http('GET /api/info HTTP/1.1')}X: `, '\r\n\r\n', /^HTTP\/1\.1 4\d\d /],
  [
    'a JSON body',
    'http',
    `${http('POST /api/rules HTTP/1.1')}Content-Type: application/json\r\nContent-Length: 999999999\r\n\r\n"`,
    '',
    /^HTTP\/1\.1 413 /,
  ],
  [
    'a JSON body without a length',
    'http',
    `${http('POST /api/accounts HTTP/1.1')}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nffffff0\r\n"`,
    '',
    /^HTTP\/1\.1 413 /,
  ],
  [
    'a message by the API',
    'http',
    `${http('POST /api/messages?to=b@x.test HTTP/1.1')}Content-Type: message/rfc822\r\nTransfer-Encoding: chunked\r\n\r\nffffff0\r\n`,
    '',
    /^HTTP\/1\.1 413 /,
  ],
])('%s without end', (_name, door, before, after, answer) => {
  it('is refused with a reply, and not stored', async () => {
    const start = held();
    const { said, most } = await flood(portOf(door), before, MEGABYTE, after);
    expect(said).toMatch(answer);
    expect(most - start).toBeLessThan(KEPT);
    expect((await sandbox.api('info')).status).toBe(200);
  });
});

describe('IMAP literals', () => {
  it.each([
    ['announced beyond all bounds', 'a LOGIN {99999999999}\r\n', /^a NO \[TOOBIG\] /m],
    ['of an APPEND that no message may have', 'b APPEND INBOX {1000001}\r\n', /^b NO \[TOOBIG\] /m],
    [
      'sent without asking',
      `c APPEND INBOX {1000001+}\r\n${'x'.repeat(1_000_001)}\r\n`,
      /^c NO \[TOOBIG\] /m,
    ],
    ['a thousand and one', `d LOGIN ${'{1+}\r\nx '.repeat(1_001)}\r\n`, /^d BAD .*Too many literals/m],
  ])('%s are refused', async (_name, command, answer) => {
    const text = `x LOGIN b@x.test x\r\n${command}y NOOP\r\nz LOGOUT\r\n`;
    const { said } = await flood(sandbox.imap.port, text, Buffer.alloc(0), '');
    expect(said).toMatch(answer);
    expect(said).toMatch(/^y OK /m);
  });
});

describe('commands without end', () => {
  it.each([
    ['smtp', 'NOOP\r\n', /^250 /m],
    ['imap', 'a NOOP\r\n', /^a OK/m],
    ['pop3', 'CAPA\r\n', /^\+OK/m],
  ] as const)('by %s do not keep others waiting', async (door, line, answer) => {
    const busy = flood(sandbox[door].port, '', Buffer.from(line.repeat(200)), '');
    const served = (async () => {
      for (let i = 0; i < 5; i++) await (await sandbox.api('info')).arrayBuffer();
      return 'others';
    })();
    expect(await Promise.race([served, busy.then(() => 'the flood')])).toBe('others');
    expect((await busy).said).toMatch(answer);
  });
});

describe('the event stream', () => {
  it('ends a socket that sends more than it may', async () => {
    const socket = new WebSocket(new URL('api/events', sandbox.url.replace('http', 'ws')));
    await new Promise((resolve) => socket.once('open', resolve));
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.send(Buffer.alloc(100_000));
    // The code is 1006 if the server closed the connection before it sent 1009.
    expect([1006, 1009]).toContain(await closed);
  });
});

describe('JSON', () => {
  it('as deep as a stack gets a response', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    for (const path of ['rules', 'messages', 'accounts']) {
      const response = await sandbox.api(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: deep,
      });
      expect(response.status).toBe(400);
    }
  });

  it('cannot change a prototype', async () => {
    const response = await sandbox.api('messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"from":"a@x.test","to":"b@x.test","__proto__":{"isAdmin":true},"headers":{"constructor":"x"}}',
    });
    expect(response.status).toBe(400);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  it('queries of any size and depth get a response', async () => {
    for (const query of [
      '('.repeat(3_000),
      '-'.repeat(3_000),
      `${'a OR '.repeat(1_500)}b`,
      `"${'*'.repeat(5_000)}"`,
    ])
      expect((await sandbox.api(`messages?query=${encodeURIComponent(query)}`)).status).toBeLessThan(500);
  });
});
