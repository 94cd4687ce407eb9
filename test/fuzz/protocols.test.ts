/**
 * Fuzzes the listeners of a whole server with any octets: responses follow the protocol, nothing is logged as an
 * internal error, every connection ends, and another client is not affected.
 */
import { pino } from 'pino';
import { afterAll, beforeAll, expect } from 'vitest';
import { createSandbox, type RunningSandbox } from '../../server/sandbox/index.ts';
import { onFreePorts } from '../helpers/sandbox.ts';
import { converse } from './converse.ts';
import { fuzz } from './fuzz.ts';

const faults: string[] = [];
let sandbox: RunningSandbox;

beforeAll(async () => {
  const logger = pino({ level: 'error' }, { write: (line: string) => void faults.push(line) });
  sandbox = await createSandbox({ ...onFreePorts, memory: true, maxMessages: 200 }, { logger });
});
afterAll(() => sandbox.close());

function portOf(protocol: string): number {
  return sandbox.endpoints.find((endpoint) => endpoint.protocol === protocol)!.port;
}

/** A message that a logged-in client can read. */
const SOME_MAIL = Buffer.from(
  'EHLO c\r\nMAIL FROM:<b@x.test>\r\nRCPT TO:<a@x.test>\r\nDATA\r\nSubject: x\r\nContent-Type: multipart/mixed; ' +
    'boundary=b\r\n\r\n--b\r\n\r\ny\r\n--b--\r\n.\r\nQUIT\r\n',
);

/** Sends the input, and checks that another client is served as before. */
async function talk(
  protocol: string,
  input: Buffer,
  bystander: { readonly says: string; readonly hears: RegExp },
): Promise<string> {
  const said = await converse(portOf(protocol), input);
  expect(faults.splice(0)).toEqual([]);
  expect(await converse(portOf(protocol), Buffer.from(bystander.says))).toMatch(bystander.hears);
  return said;
}

const LINES = ['\r\n', '\n', '\r', '\u0000', ' ', 'a@x.test', 'ü', 'x'.repeat(2_000)];

fuzz({
  name: 'smtp',
  words: [
    ...LINES,
    ...[
      'EHLO c\r\n',
      'HELO ',
      'MAIL FROM:<',
      'RCPT TO:<',
      '>',
      'DATA\r\n',
      '\r\n.\r\n',
      '\n.\n',
      '.\r\r\n',
      'QUIT',
    ],
    ...[
      'SIZE=',
      'BODY=8BITMIME',
      'SMTPUTF8',
      'AUTH PLAIN ',
      'AUTH LOGIN\r\n',
      'RSET\r\n',
      'BDAT 5 LAST\r\n',
      'XCLIENT ',
    ],
    ...['-reject-550', '-temp-451', '-drop', '@a,@b:', '"', '[127.0.0.1]', '=', '+'],
  ],
  brief: 60,
  async run(input) {
    const said = await talk('smtp', input, { says: 'QUIT\r\n', hears: /^220 .*\r\n221 .*\r\n$/ });
    for (const line of said.split('\r\n').slice(0, -1)) expect(line).toMatch(/^[2345]\d\d[ -][^\r\n]*$/);
  },
});

fuzz({
  name: 'imap',
  words: [
    ...LINES,
    ...[
      '{3}\r\n',
      '{3+}\r\n',
      '~{3+}\r\n',
      '{99999999999}\r\n',
      '{',
      '}',
      '(',
      ')',
      '"',
      '\\',
      '*',
      '%',
      '$',
      '&-',
      '+',
    ],
    ...[
      'a LOGIN a@x.test x\r\n',
      'b SELECT INBOX\r\n',
      'IDLE\r\n',
      'DONE\r\n',
      'UID ',
      'FETCH 1:* ',
      'BODY[',
      ']<0.5>',
    ],
    ...[
      'BODYSTRUCTURE',
      'SEARCH ',
      'OR ',
      'NOT ',
      'STORE 1 ',
      'APPEND x ',
      'CATENATE (',
      'RETURN (',
      'NIL',
      '1:*',
      '0',
    ],
  ],
  brief: 80,
  async run(input) {
    await converse(portOf('smtp'), SOME_MAIL);
    const said = await talk('imap', input, {
      says: 'a LOGIN bystander@x.test x\r\nb STATUS INBOX (MESSAGES)\r\nc LOGOUT\r\n',
      hears: /\r\n\* STATUS "INBOX" \(MESSAGES 0\)\r\nb OK .*\r\n\* BYE Goodbye\r\nc OK /,
    });
    expect(said).toMatch(/^\* OK \[CAPABILITY /);
    expect(said).not.toContain('[SERVERBUG]');
    expect(said.slice(-2)).toBe('\r\n');
  },
});

fuzz({
  name: 'pop3',
  words: [
    ...LINES,
    ...[
      'USER a@x.test\r\n',
      'PASS x\r\n',
      'STAT\r\n',
      'LIST',
      'UIDL',
      'RETR 1\r\n',
      'TOP 1 ',
      'DELE 1\r\n',
      'RSET\r\n',
    ],
    ...[
      'AUTH PLAIN ',
      'AUTH\r\n',
      '=\r\n',
      '*\r\n',
      'APOP a ',
      'CAPA\r\n',
      'STLS\r\n',
      'QUIT\r\n',
      '-1',
      '99999999999',
      '0',
    ],
  ],
  brief: 60,
  async run(input) {
    await converse(portOf('smtp'), SOME_MAIL);
    const said = await talk('pop3', input, {
      says: 'USER bystander@x.test\r\nPASS x\r\nSTAT\r\nQUIT\r\n',
      hears: /\r\n\+OK 0 0\r\n\+OK Goodbye\r\n$/,
    });
    expect(said).toMatch(/^\+OK Restante is ready .*\r\n/);
    expect(said).not.toContain('SYS/TEMP');
    expect(said.slice(-2)).toBe('\r\n');
  },
});

fuzz({
  name: 'http',
  words: [
    ...[
      '\r\n',
      '\r\n\r\n',
      ': ',
      ' HTTP/1.1',
      'GET ',
      'PUT ',
      'DELETE ',
      'OPTIONS ',
      '/api/messages',
      '/api/rules',
      '/api/',
    ],
    ...[
      'latest',
      '?query=',
      '&account=',
      '%',
      '%00',
      '%C3%28',
      '../',
      '//',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      'null',
      '1e999',
    ],
    ...[
      'Content-Length: 5\r\n',
      'Transfer-Encoding: chunked\r\n',
      'Host: localhost\r\n',
      'Origin: http://evil.test\r\n',
    ],
    ...[
      'Accept: text/event-stream\r\n',
      'If-None-Match: *\r\n',
      'Connection: close\r\n',
      'limit=-1',
      'cursor=x',
      'timeout=1',
    ],
    ...['__proto__', 'constructor', '\u0000', 'ü'],
  ],
  brief: 60,
  async run(input) {
    const said = await talk('http', input, {
      says: 'GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      hears: /^HTTP\/1\.1 200 /,
    });
    expect(said).not.toMatch(/^HTTP\/1\.1 5\d\d /m);
  },
});
