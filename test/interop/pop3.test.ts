/** Tests POP3 with clients of other projects: Python's poplib, curl, node-pop3, fetchmail and mpop. */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import Pop3Command from 'node-pop3';
import { expect, it, onTestFinished } from 'vitest';
import { accountName } from '../../server/store/ids.ts';
import { certificate } from '../helpers/certificate.ts';
import { messages, startPop3, type Pop3Fixture } from '../helpers/pop3.ts';
import { installed, mustRun, runTool } from '../helpers/tool.ts';

const needs = (program: string): [string, { skip: boolean }] => [
  installed(program) ? program : `${program} (not installed)`,
  { skip: !installed(program) },
];

async function home(): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'restante-pop3-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const left = async ({ store }: Pop3Fixture): Promise<number> =>
  (await store.messages.list({ account: accountName('a@x.test'), limit: 1 })).total;

const python = String.raw`
import poplib, ssl, sys
port, secure, ca = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
context = ssl.create_default_context(cafile=ca)
p = poplib.POP3('localhost', port)
p.stls(context)
assert 'UIDL' in p.capa()
p.utf8()
p.user('a@x.test'); p.pass_('any')
count, octets = p.stat()
assert count == 3, count
assert [int(line.split()[0]) for line in p.list()[1]] == [1, 2, 3]
assert sum(int(line.split()[1]) for line in p.list()[1]) == octets
assert len(set(p.uidl()[1])) == 3
assert p.retr(2)[1] == [b'.Subject: dots', b'', b'.', b'..two', b'end.', b'.'], p.retr(2)
assert p.top(1, 1)[1] == [b'Subject: plain', b'', b'hello']
p.noop()
p.dele(1); p.rset(); p.dele(3)
p.quit()
p = poplib.POP3_SSL('localhost', secure, context=context)
p.apop('a@x.test', 'whatever')
assert p.stat()[0] == 2
try:
    p.retr(9)
    raise AssertionError('retr 9')
except poplib.error_proto:
    pass
p.quit()
print('fine')
`;

it(...needs('python3'), async () => {
  const fixture = await startPop3({ tls: certificate });
  for (const name of ['plain', 'dots', 'utf8']) await fixture.deliver(messages[name]!);
  const ca = path.join(await home(), 'ca.pem');
  await writeFile(ca, certificate.cert);
  const ports = [`${fixture.port}`, `${fixture.securePort}`];
  expect(await mustRun('python3', ['-c', python, ...ports, ca])).toBe('fine\n');
});

it(...needs('curl'), async () => {
  const { port, deliver } = await startPop3({ users: new Map([['a@x.test', 'secret']]) });
  await deliver(messages['plain']!);
  const url = `pop3://127.0.0.1:${port}`;
  const curl = (...args: string[]) => runTool('curl', ['-s', ...args]);
  for (const mechanism of ['', 'PLAIN', 'LOGIN', 'CRAM-MD5', 'SCRAM-SHA-256', '+APOP']) {
    const login = ['-u', 'a@x.test:secret'];
    if (mechanism !== '') login.push('--login-options', `AUTH=${mechanism}`);
    const { code, output } = await curl(...login, `${url}/1`);
    // Some builds of curl have no SCRAM and exit with 67 themselves.
    if (mechanism === 'SCRAM-SHA-256' && code !== 0) continue;
    expect({ mechanism, code, output }).toEqual({ mechanism, code: 0, output: messages['plain'] });
  }
  for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
    const login = ['-u', 'a@x.test:', '--oauth2-bearer', 'secret', '--login-options', `AUTH=${mechanism}`];
    expect((await curl(...login, `${url}/1`)).output).toBe(messages['plain']);
  }
  expect((await curl('-u', 'a@x.test:secret', url)).output).toBe('1 32\r\n');
  expect((await curl('-u', 'a@x.test:wrong', url)).code).toBe(67);
});

it('node-pop3', async () => {
  const fixture = await startPop3();
  for (const name of ['plain', 'dots', 'utf8']) await fixture.deliver(messages[name]!);
  for (const secure of [false, true]) {
    const client = new Pop3Command({
      user: 'a@x.test',
      password: 'any',
      host: 'localhost',
      port: secure ? fixture.securePort : fixture.port,
      tls: secure,
      tlsOptions: { ca: certificate.cert },
    });
    const list = await client.UIDL();
    expect(list.length).toBe(secure ? 2 : 3);
    expect(await client.STAT()).toMatch(secure ? /^2 / : /^3 /);
    expect(await client.RETR(1)).toBe('Subject: plain\r\n\r\nhello\r\nworld');
    expect(await client.TOP(1, 1)).toBe('Subject: plain\r\n\r\nhello');
    await expect(client.RETR(9)).rejects.toThrow('No such message: 9');
    if (!secure) await client.DELE(2);
    await client.QUIT();
  }
  expect(await left(fixture)).toBe(2);
});

it(...needs('fetchmail'), async () => {
  const fixture = await startPop3({ tls: certificate });
  for (const name of ['plain', 'unix', 'utf8']) await fixture.deliver(messages[name]!);
  const directory = await home();
  const rc = path.join(directory, 'rc');
  const inbox = path.join(directory, 'inbox');
  const fingerprint = (
    await mustRun('openssl', ['x509', '-noout', '-fingerprint', '-md5'], { input: certificate.cert })
  )
    .trim()
    .replace(/^.*=/, '');
  await writeFile(
    rc,
    `poll localhost protocol POP3 service ${fixture.port} uidl
  user "a@x.test" password "any" keep sslproto "TLS1.2+" no sslcertck sslfingerprint "${fingerprint}"
  mda "cat >> ${inbox}"\n`,
  );
  await chmod(rc, 0o600);
  const env = { FETCHMAILHOME: directory, HOME: directory };
  const once = (...more: string[]) => runTool('fetchmail', ['-f', rc, '--invisible', ...more], { env });
  const first = await once();
  expect(first.code, first.output).toBe(0);
  const fetched = await readFile(inbox, 'utf8');
  expect(fetched).toMatch(/Subject: plain[^]*hello[^]*Subject: unix[^]*\.one\ntwo\n[^]*Straße/);
  // No new mail, because UIDL returns the same ids (fetchmail's exit code 1).
  expect((await once()).code).toBe(1);
  await fixture.deliver('Subject: later\r\n\r\nlater\r\n');
  expect((await once()).code).toBe(0);
  expect(((await readFile(inbox, 'utf8')).match(/^Subject: /gm) ?? []).length).toBe(4);
  expect(await left(fixture)).toBe(4);
  expect((await once('--all', '--nokeep')).code).toBe(0);
  expect(await left(fixture)).toBe(0);
});

it(...needs('mpop'), async () => {
  const users = new Map([['a@x.test', 'secret']]);
  const fixture = await startPop3({ tls: certificate, users });
  const directory = await home();
  const ca = path.join(directory, 'ca.pem');
  await writeFile(ca, certificate.cert);
  const maildir = path.join(directory, 'mail');
  await mustRun('mkdir', ['-p', ...['cur', 'new', 'tmp'].map((sub) => path.join(maildir, sub))]);
  const methods = ['user', 'plain', 'cram-md5', 'scram-sha-256', 'apop', 'login', 'xoauth2', 'oauthbearer'];
  for (const [index, method] of methods.entries()) {
    await fixture.deliver(`Subject: ${method}\r\n\r\n${method}\r\n`);
    const rc = path.join(directory, 'rc');
    await writeFile(
      rc,
      `account default
host localhost
port ${fixture.port}
tls on
tls_starttls on
tls_trust_file ${ca}
auth ${method}
user a@x.test
password secret
keep on
uidls_file ${directory}/uidls
delivery maildir ${maildir}\n`,
    );
    await chmod(rc, 0o600);
    await mustRun('mpop', ['-C', rc]);
    expect((await readdir(path.join(maildir, 'new'))).length, method).toBe(index + 1);
  }
  expect(await left(fixture)).toBe(methods.length);
});
