/**
 * Tests `restante sendmail` as programs call it: arguments, standard input, exit codes; the message is sent
 * unchanged.
 */
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Detail } from '../../contract/index.ts';
import { readSendmailArguments } from '../../server/cli/sendmail/arguments.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { runTool, type ToolResult } from '../helpers/tool.ts';

const program = path.join(import.meta.dirname, '..', '..', 'dist', 'server', 'main.js');
let sandbox: TestSandbox;

beforeAll(async () => {
  sandbox = await openTestSandbox();
  return () => sandbox.close();
});

const sendmail = (args: string[], input: string | null = ''): Promise<ToolResult> =>
  runTool(process.execPath, [program, 'sendmail', ...args], {
    input,
    env: { RESTANTE_HOST: sandbox.smtp.host, RESTANTE_SMTP_PORT: String(sandbox.smtp.port) },
  });

const captured = (account: string): Promise<Detail> =>
  sandbox.json<Detail>(`messages/latest?account=${account}`);
const raw = async ({ id }: Detail): Promise<string> => (await sandbox.api(`messages/${id}/raw`)).text();

describe('a message on standard input', () => {
  it('is sent to the recipients of its header with -t, without Bcc, as PHP calls it', async () => {
    const input =
      'To: Ada <ada@php.test>, bob@php.test\nBcc: eve@php.test\nFrom: shop@php.test\nSubject: Hi\n\nx\n.\ny\n';
    expect(await sendmail(['-t', '-i'], input)).toEqual({ code: 0, output: '' });
    const message = await captured('eve@php.test');
    expect(message.envelope).toMatchObject({
      from: 'shop@php.test',
      to: ['ada@php.test', 'bob@php.test', 'eve@php.test'],
    });
    expect(await raw(message)).toBe(
      'To: Ada <ada@php.test>, bob@php.test\r\nFrom: shop@php.test\r\nSubject: Hi\r\n\r\nx\r\n.\r\ny\r\n',
    );
  });

  it('is sent to the named recipients, from -f, up to a line with only a dot', async () => {
    const args = ['-oem', '-fbounce@cron.test', '-N', 'failure', '--', 'root@cron.test'];
    expect(await sendmail(args, 'Subject: job\n\nöut\n.\nnot this\n')).toEqual({ code: 0, output: '' });
    const message = await captured('root@cron.test');
    expect(message.envelope.from).toBe('bounce@cron.test');
    expect(await raw(message)).toBe('Subject: job\r\n\r\nöut\r\n');
  });
});

it('completes a local name, as cron passes it, with the name of this machine', async () => {
  const args = ['-FCronDaemon', '-i', '-B8BITMIME', '-oem', 'root'];
  const input = 'From: root (Cron Daemon)\nTo: root\nSubject: Cron <root@box> job\n\n.\nout\n';
  expect(await sendmail(args, input)).toEqual({ code: 0, output: '' });
  const root = `root@${os.hostname()}`;
  const message = await captured(root);
  expect(message.envelope).toMatchObject({ from: root, to: [root] });
  expect(await raw(message)).toBe(input.replaceAll('\n', '\r\n'));
});

describe('flags', () => {
  const read = (...argv: string[]) => {
    const { recipients, fromHeader, ignoreDots, ...rest } = readSendmailArguments(argv);
    const values = Object.entries(rest).filter(([, value]) => value !== null && value !== false);
    return { to: recipients, t: fromHeader, i: ignoreDots, ...Object.fromEntries(values) };
  };

  it.each([
    ['PHP', ['-t', '-i'], { to: [], t: true, i: true }],
    ['PHP with a fifth argument', ['-t', '-i', '-fb@x.test'], { to: [], t: true, i: true, from: 'b@x.test' }],
    [
      'git send-email',
      ['-i', '-f', 'a@x.test', 'b@x.test', 'c@x.test'],
      { to: ['b@x.test', 'c@x.test'], i: true, from: 'a@x.test' },
    ],
    ['cron', ['-i', '-FCronDaemon', '-B8BITMIME', '-oem', 'root'], { to: ['root'], i: true }],
    ['mailx', ['-oem', '-oi', '-r', 'a@x.test', 'b@x.test'], { to: ['b@x.test'], i: true, from: 'a@x.test' }],
    [
      'mutt',
      ['-oem', '-oi', '-N', 'success,failure', '-R', 'hdrs', '--', 'b@x.test'],
      { to: ['b@x.test'], i: true, notify: 'success,failure', ret: 'hdrs' },
    ],
    ['letters together', ['-itv', 'b@x.test'], { to: ['b@x.test'], t: true, i: true }],
    ['recipients with commas', ['a@x.test, b@x.test'], { to: ['a@x.test', 'b@x.test'] }],
    ['an envelope id', ['-V', 'abc', 'b@x.test'], { to: ['b@x.test'], envelopeId: 'abc' }],
    [
      'a server and a login',
      ['-S', ':2525', '-auann', '-ap', 's3cret', 'b@x.test'],
      { to: ['b@x.test'], server: ':2525', user: 'ann', password: 's3cret' },
    ],
    ['-bs', ['-bs'], { to: [], dialogue: true }],
  ])('of %s are supported', (_, argv, wanted) => {
    expect(read(...argv)).toEqual({ t: false, i: false, ...wanted });
  });

  it.each([
    '-bm',
    '-ba',
    '-B 8BITMIME',
    '-C /etc/x',
    '-F Name',
    '-G',
    '-L tag',
    '-O DeliveryMode=b',
    '-ODeliveryMode=b',
    '-U',
    '-X /tmp/log',
    '-Ac',
    '-Am',
    '-d0.1',
    '-em',
    '-h 5',
    '-m',
    '-n',
    '-o7',
    '-o m',
    '-odb',
    '-om',
    '-p ESMTP',
    '-q',
    '-q1h',
    '-v',
  ])('%s is accepted without effect', (flag) => {
    expect(read(...flag.split(' '), 'b@x.test')).toEqual({ to: ['b@x.test'], t: false, i: false });
  });

  it('-h and -V are those of sendmail, not those for help and version', async () => {
    const args = ['-h', '3', '-V', 'env1', '-f', 'a@flags.test', 'b@flags.test'];
    expect(await sendmail(args, 'Subject: x\n\n')).toEqual({ code: 0, output: '' });
    const { envelope } = await captured('b@flags.test');
    expect(envelope.parameters.from).toMatchObject({ ENVID: 'env1' });
  });
});

it('lets the caller use SMTP with -bs', async () => {
  const dialogue = [
    'EHLO me.test',
    'MAIL FROM:<a@bs.test>',
    'RCPT TO:<b@bs.test>',
    'DATA',
    'Subject: bs',
    '',
    '.',
    'QUIT',
  ];
  const { code, output } = await sendmail(['-bs'], `${dialogue.join('\r\n')}\r\n`);
  expect(code).toBe(0);
  expect(output).toMatch(/^220 [^]*250 2\.0\.0 Ok: queued as [^]*221 /);
  expect((await captured('b@bs.test')).subject).toBe('bs');
});

it.each([
  {
    what: 'no recipients',
    args: ['-t'],
    input: 'Subject: x\n\n',
    code: 64,
    says: /To, Cc and Bcc contain no addresses/,
  },
  { what: 'a flag nobody knows', args: ['-Z', 'a@b.test'], input: '', code: 64, says: /unknown option -Z/ },
  { what: 'a refusal', args: ['a-reject-550@x.test'], input: 'x', code: 69, says: /550/ },
  { what: 'a refusal for now', args: ['a-temp-451@x.test'], input: 'x', code: 75, says: /451/ },
  {
    what: 'no server',
    args: ['-S', '127.0.0.1:1', 'a@b.test'],
    input: 'x',
    code: 75,
    says: /is it running\?/,
  },
])('ends with a code of sysexits for $what', async ({ args, input, code, says }) => {
  const result = await sendmail(args, input);
  expect(result.output).toMatch(says);
  expect(result.code).toBe(code);
});
