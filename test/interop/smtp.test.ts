/**
 * Tests SMTP with clients of other projects: each fault, each mechanism and each TLS mode that a client supports.
 * All clients run at the same time with one server, each with its own recipients.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import nodemailer from 'nodemailer';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificate } from '../helpers/certificate.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { installed, runTool, type ToolResult } from '../helpers/tool.ts';

interface Sending {
  readonly host: string;
  readonly port: number;
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly from: string;
  readonly to: string;
  readonly login: { readonly user: string; readonly password: string; readonly mechanism: string } | null;
}

interface Client {
  readonly name: string;
  readonly program: string;
  /** The file of a library that the client needs beside its program. */
  readonly library?: string;
  readonly mechanisms: readonly string[];
  /** Sends one message; the exit code is 0 if the server accepted it. */
  send(sending: Sending): Promise<ToolResult>;
}

const MESSAGE = `Subject: interop\r\n\r\nhello\r\n${`${'x'.repeat(70)}\r\n`.repeat(20)}`;
const phpMailer = '/usr/share/php/libphp-phpmailer/autoload.php';
const python = path.join(import.meta.dirname, 'smtp-clients.py');
let file = '';

const clients: readonly Client[] = [
  {
    name: 'nodemailer',
    program: process.execPath,
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    async send({ host, port, tls, from, to, login }) {
      const oauth = login?.mechanism === 'XOAUTH2';
      const transport = nodemailer.createTransport({
        host,
        port,
        secure: tls === 'implicit',
        ignoreTLS: tls === 'none',
        requireTLS: tls === 'starttls',
        tls: { rejectUnauthorized: false },
        ...(login && {
          authMethod: login.mechanism,
          auth: oauth
            ? { type: 'OAuth2' as const, user: login.user, accessToken: login.password }
            : { user: login.user, pass: login.password },
        }),
      });
      try {
        const { response } = await transport.sendMail({ envelope: { from, to: [to] }, raw: MESSAGE });
        return { code: 0, output: response };
      } catch (error) {
        return { code: 1, output: (error as Error).message };
      }
    },
  },
  {
    name: 'swaks',
    program: 'swaks',
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    send: ({ host, port, tls, from, to, login }) =>
      runTool('swaks', [
        ...['--server', host, '--port', String(port), '--from', from, '--to', to, '--data', `@${file}`],
        ...{ none: [], starttls: ['--tls'], implicit: ['--tls-on-connect'] }[tls],
        ...(login === null
          ? []
          : ['--auth', login.mechanism, '--auth-user', login.user, '--auth-password', login.password]),
      ]),
  },
  {
    name: 'msmtp',
    program: 'msmtp',
    mechanisms: ['plain', 'login', 'cram-md5', 'scram-sha-256'],
    send: ({ host, port, tls, from, to, login }) =>
      runTool(
        'msmtp',
        [
          ...[`--host=${host}`, `--port=${port}`, `--from=${from}`, '--timeout=10'],
          ...(tls === 'none' ? ['--tls=off'] : ['--tls=on', '--tls-certcheck=off']),
          ...(tls === 'none' ? [] : [`--tls-starttls=${tls === 'starttls' ? 'on' : 'off'}`]),
          ...(login === null
            ? ['--auth=off']
            : [
                ...[`--auth=${login.mechanism}`, `--user=${login.user}`],
                `--passwordeval=printf %s ${login.password}`,
              ]),
          '--',
          to,
        ],
        { input: MESSAGE.replaceAll('\r\n', '\n') },
      ),
  },
  {
    name: 'curl',
    program: 'curl',
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'],
    send: ({ host, port, tls, from, to, login }) =>
      runTool('curl', [
        ...[
          '-sS',
          '-v',
          '-k',
          '--max-time',
          '10',
          `${tls === 'implicit' ? 'smtps' : 'smtp'}://${host}:${port}`,
        ],
        ...(tls === 'starttls' ? ['--ssl-reqd'] : []),
        ...['--mail-from', from, '--mail-rcpt', to, '-T', file],
        ...(login === null ? [] : ['--login-options', `AUTH=${login.mechanism}`]),
        ...(login === null || login.mechanism.includes('OAUTH')
          ? []
          : ['--user', `${login.user}:${login.password}`]),
        ...(login?.mechanism.includes('OAUTH') === true
          ? ['--user', login.user, '--oauth2-bearer', login.password]
          : []),
      ]),
  },
  {
    name: 'smtplib',
    program: 'python3',
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    send: ({ host, port, tls, from, to, login }) =>
      runTool('python3', [
        ...[python, host, String(port), tls, from, to],
        ...(login === null ? [] : [login.user, login.password, login.mechanism]),
      ]),
  },
  {
    name: 'PHPMailer',
    program: 'php',
    library: phpMailer,
    mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    send: ({ host, port, tls, from, to, login }) =>
      runTool('php', [
        ...[path.join(import.meta.dirname, 'programs', 'phpmailer.php'), host, String(port), tls, from, to],
        ...(login === null ? [] : [login.user, login.password, login.mechanism]),
      ]),
  },
];
const present = clients.filter(
  ({ program, library }) =>
    (program === process.execPath || installed(program)) && (library === undefined || existsSync(library)),
);
const absent = clients.filter((client) => !present.includes(client)).map(({ name }) => name);
const whom = `${present.map(({ name }) => name).join(', ')}${absent.length > 0 ? ` (not installed: ${absent.join(', ')})` : ''}`;

async function start(options: Parameters<typeof openTestSandbox>[0] = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-interop-'));
  const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
  writeFileSync(cert, certificate.cert);
  writeFileSync(key, certificate.key);
  file = path.join(folder, 'mail.eml');
  writeFileSync(file, MESSAGE);
  const sandbox = await openTestSandbox({ tlsCert: cert, tlsKey: key, smtpsPort: 0, ...options });
  const { endpoints } = await sandbox.json<{ endpoints: { protocol: string; port: number }[] }>('info');
  const smtps = endpoints.find(({ protocol }) => protocol === 'smtps')?.port ?? -1;
  const { host, port } = sandbox.smtp;
  const base = { host, port, tls: 'none', from: 'app@x.test', login: null } as const;
  const close = async (): Promise<void> => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { sandbox, base, smtps, close };
}

const put = (sandbox: TestSandbox, rule: object): Promise<unknown> =>
  sandbox.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
const captured = async (sandbox: TestSandbox, account: string): Promise<number> =>
  (await sandbox.json<{ total: number }>(`messages?account=${account}&limit=1`)).total;
/** Resolves with the outcome for each client by its name, and with its output if the outcome was not as expected. */
async function outcomes(
  send: (client: Client) => Promise<ToolResult>,
  wanted: (result: ToolResult) => boolean,
) {
  const all = await Promise.all(present.map(async (client) => [client.name, await send(client)] as const));
  return all
    .filter(([, result]) => !wanted(result))
    .map(([name, { code, output }]) => `${name} ${code}: ${output}`);
}

describe(`faults with ${whom}`, () => {
  let world: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    world = await start();
    for (const rule of [
      { on: 'mail', when: { from: 'blocked@*' }, then: { reject: '550 5.7.1 Sender refused' } },
      { on: 'predata', when: { rcpt: 'nodata-*' }, then: { reject: '554 5.5.1 No data today' } },
      { on: 'data', when: { rcpt: 'late-*' }, then: { reject: '552 5.3.4 Too big' } },
      { on: 'predata', when: { rcpt: 'cut-*' }, then: { disconnect: { afterOctets: 50 } } },
      { on: 'data', when: { rcpt: 'mute-*' }, then: { disconnect: 'before' } },
      { on: 'rcpt', when: { rcpt: 'bye-*' }, then: { reject: '421 4.3.2 Going down', disconnect: 'after' } },
    ])
      await put(world.sandbox, rule);
    return () => world.close();
  });

  it.each([
    ['a refusal at MAIL', 'any', /550/, 'blocked@x.test'],
    ['a refusal at RCPT', 'no-reject-553', /553/],
    ['a refusal at DATA', 'nodata', /554|5\.5\.1/],
    ['a refusal after the message', 'late', /552|5\.3\.4/],
    ['a connection that ends in mid-message', 'cut', /./],
    ['a connection that ends instead of the last reply', 'mute', /./],
    ['a refusal that ends the connection', 'bye', /421|./],
  ])('%s', async (_fault, name, said, from = 'app@x.test') => {
    const at = (client: Client): string =>
      name.includes('reject') ? `${client.name}-${name}@x.test` : `${name}-${client.name}@x.test`;
    const failed = ({ code, output }: ToolResult): boolean => code !== 0 && said.test(output);
    expect(await outcomes((client) => client.send({ ...world.base, from, to: at(client) }), failed)).toEqual(
      [],
    );
    for (const client of present) expect(await captured(world.sandbox, at(client))).toBe(0);
  });

  it('a slow server', async () => {
    const at = (client: Client): string => `${client.name}-delay-300ms@x.test`;
    const taken = ({ code }: ToolResult): boolean => code === 0;
    expect(await outcomes((client) => client.send({ ...world.base, to: at(client) }), taken)).toEqual([]);
    for (const client of present) expect(await captured(world.sandbox, at(client))).toBe(1);
  });

  it('"451, 451, accept" and greylisting, each in its own account beside the others', async () => {
    const at = (client: Client): string => `retry-${client.name}@x.test`;
    for (const [index, client] of present.entries()) {
      const account = at(client);
      await put(
        world.sandbox,
        index % 2 === 0
          ? { on: 'rcpt', account, script: ['451 4.7.1 Later', '451 4.7.1 Later', 'accept'] }
          : { on: 'rcpt', account, then: { greylist: { delay: 1 } } },
      );
    }
    const tries = await Promise.all(
      present.map(async (client) => {
        const codes: boolean[] = [];
        for (let round = 0; round < 3; round++) {
          codes.push((await client.send({ ...world.base, to: at(client) })).code === 0);
        }
        return codes;
      }),
    );
    expect(tries).toEqual(
      present.map((_, index) => (index % 2 === 0 ? [false, false, true] : [false, true, true])),
    );
  });
});

describe(`logins and TLS of ${whom}`, () => {
  let world: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    world = await start({ auth: [{ user: 'shop@x.test', password: 'pw-123' }], requireAuth: true });
    return () => world.close();
  });
  const rounds = Math.max(...present.map(({ mechanisms }) => mechanisms.length));

  it.each(Array.from({ length: rounds }, (_, nth) => nth))('mechanism %i of each', async (nth) => {
    const having = present.filter(({ mechanisms }) => mechanisms.length > nth);
    const results = await Promise.all(
      having.map(async (client) => {
        const mechanism = client.mechanisms[nth] ?? '';
        const login = { user: 'shop@x.test', password: 'pw-123', mechanism };
        const right = await client.send({ ...world.base, to: 'b@x.test', login });
        const wrong = await client.send({
          ...world.base,
          to: 'b@x.test',
          login: { ...login, password: 'no' },
        });
        return [
          client.name,
          mechanism,
          right.code === 0,
          wrong.code !== 0,
          right.code === 0 ? '' : right.output,
        ];
      }),
    );
    expect(results).toEqual(having.map(({ name, mechanisms }) => [name, mechanisms[nth], true, true, '']));
  });

  it.each(['none', 'starttls', 'implicit'] as const)('TLS: %s', async (tls) => {
    const { base, smtps, sandbox } = world;
    const port = tls === 'implicit' ? smtps : base.port;
    const at = (client: Client): string => `${tls}-${client.name}@x.test`;
    const taken = ({ code }: ToolResult): boolean => code === 0;
    const failures = await outcomes((client) => {
      const login = { user: 'shop@x.test', password: 'pw-123', mechanism: client.mechanisms[0] ?? '' };
      return client.send({ ...base, port, tls, to: at(client), login });
    }, taken);
    expect(failures).toEqual([]);
    for (const client of present) {
      const { origin } = await sandbox.json<{ origin: { tls: object | null } }>(
        `messages/latest?account=${at(client)}`,
      );
      expect(origin.tls !== null, client.name).toBe(tls !== 'none');
    }
  });
});
