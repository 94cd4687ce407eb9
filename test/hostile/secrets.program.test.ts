/**
 * Tests that no password is revealed: all ways to log in are used, with correct and wrong passwords, by every
 * protocol and with full logging. Then the log, the responses of the API and the data directory are searched for
 * the secrets in every form in which they were sent.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Captured, MessagePage } from '../../contract/index.ts';
import { converse } from '../fuzz/converse.ts';
import { startCapture } from '../helpers/capture.ts';
import { startProgram } from '../helpers/program.ts';

/** The secrets, which may appear nowhere, each with its use. */
const SECRETS = {
  listed: 'Listed-Tropp9Wunk',
  wrong: 'Wrong-Splinx4Kadow',
  web: 'Web-Quarl7Zimber',
  smartHost: 'Smart-Yabbel3Frosk',
  token: 'Token-Ombril8Fenz',
  hook: 'Hook-Wrenn2Tosk',
} as const;

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const plain = (user: string, password: string): string => base64(`\0${user}\0${password}`);
const bearer = (token: string): string => base64(`n,a=app,\x01auth=Bearer ${token}\x01\x01`);
const xoauth2 = (token: string): string => base64(`user=app\x01auth=Bearer ${token}\x01\x01`);

/**
 * Returns a secret in all forms in which a careless program could reveal it, without the characters that depend on
 * padding and neighbours.
 */
function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map((shift) =>
    base64(`${'x'.repeat(shift)}${secret}`)
      .slice(shift === 0 ? 0 : 4)
      .replace(/.{0,4}=*$/, ''),
  );
  return [
    secret,
    ...encoded,
    Buffer.from(secret).toString('hex'),
    JSON.stringify([...Buffer.from(secret)]).slice(1, -1),
  ];
}

function expectNone(where: string, text: string, secrets: readonly string[]): void {
  for (const secret of secrets)
    for (const form of formsOf(secret))
      if (text.includes(form))
        throw new Error(
          `${where} shows ${form} (${secret}): …${text.slice(Math.max(0, text.indexOf(form) - 120), text.indexOf(form) + 60)}`,
        );
}

it('no secret is revealed, however it was sent', async () => {
  const data = mkdtempSync(path.join(os.tmpdir(), 'restante-secrets-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const smartHost = await startCapture({ listed: { relay: SECRETS.smartHost } });
  const program = await startProgram(
    [
      ...[
        '--data',
        data,
        '--log-level',
        'debug',
        '--relay',
        'manual',
        '--relay-allow',
        '*',
        '--relay-private',
      ],
      ...['--relay-smarthost', `smtp://relay:${SECRETS.smartHost}@127.0.0.1:${smartHost.port}?tls=none`],
    ],
    { RESTANTE_AUTH: `app:${SECRETS.listed}`, RESTANTE_WEB_AUTH: `ann:${SECRETS.web}` },
  );
  const url = `http://127.0.0.1:${program.port('Web UI and API')}`;
  const api = (call: string, init: RequestInit = {}, password: string = SECRETS.web): Promise<Response> => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Basic ${base64(`ann:${password}`)}`,
    };
    return fetch(`${url}/api/${call}`, { ...init, headers });
  };
  const post = (call: string, body: unknown): Promise<Response> =>
    api(call, { method: 'POST', body: JSON.stringify(body) });

  const minted = (await (await post('accounts', { address: 'minted@x.test' })).json()) as {
    password: string;
  };
  expect(minted.password.length).toBeGreaterThan(8);
  const rule = { on: 'stored', then: { webhook: { url: 'http://127.0.0.1:1/', secret: SECRETS.hook } } };
  expect((await post('rules', rule)).status).toBe(201);

  const logins = [
    ['app', SECRETS.listed],
    ['app', SECRETS.wrong],
    ['minted@x.test', minted.password],
  ] as const;
  const smtp = (lines: readonly string[]): Promise<string> =>
    converse(
      program.port('SMTP'),
      Buffer.from(
        [
          `EHLO c`,
          ...lines,
          'RSET',
          'MAIL FROM:<a@x.test>',
          'RCPT TO:<b@x.test>',
          'DATA',
          'Subject: x\r\n\r\n.',
          'QUIT',
          '',
        ].join('\r\n'),
      ),
    );
  const imap = (lines: readonly string[]): Promise<string> =>
    converse(program.port('IMAP'), Buffer.from([...lines, 'z LOGOUT', ''].join('\r\n')));
  const pop3 = (lines: readonly string[]): Promise<string> =>
    converse(program.port('POP3'), Buffer.from([...lines, 'QUIT', ''].join('\r\n')));
  let accepted = 0;
  for (const [user, password] of logins) {
    const said = [
      await smtp([`AUTH PLAIN ${plain(user, password)}`]),
      await smtp(['AUTH PLAIN', plain(user, password)]),
      await smtp(['AUTH LOGIN', base64(user), base64(password)]),
      await smtp([`AUTH LOGIN ${base64(user)}`, base64(password)]),
      await imap([`a LOGIN ${user} ${password}`]),
      await imap([`a LOGIN "${user}" {${password.length}+}`, password]),
      await imap([`a AUTHENTICATE PLAIN ${plain(user, password)}`]),
      await imap(['a AUTHENTICATE LOGIN', base64(user), base64(password)]),
      await pop3([`USER ${user}`, `PASS ${password}`]),
      await pop3([`AUTH PLAIN ${plain(user, password)}`]),
      await pop3(['AUTH LOGIN', base64(user), base64(password)]),
    ];
    accepted += said.filter((each) => /^235 |^a OK|\+OK (?:.*\r\n)*\+OK/m.test(each)).length;
    // A secret must stay secret even in a command with a typing error.
    await smtp([`AUTH PLIAN ${plain(user, password)}`, `AUTH LOGIN ${base64(user)} ${base64(password)}`]);
    await smtp([`AUTH NONSENSE`, base64(user), base64(password)]);
    await smtp([`XOAUTH2 ${xoauth2(password)}`, `AUTHPLAIN ${plain(user, password)}`]);
    await imap([`a LOGN ${user} ${password}`, `a LOGIN ${password}`, `LOGIN ${user} ${password}`]);
    await imap([
      `a AUTHENTICATE NONSENSE`,
      base64(password),
      `a AUTHENTICATE PLAIN ${plain(user, password)} x`,
    ]);
    await pop3([`USER ${user} ${password}`, `PASSWORD ${password}`, `PAS ${password}`, `PASS`, password]);
    await pop3([`AUTH NONSENSE`, base64(password), `AUTH PLAIN ${plain(user, password)} x`]);
    await (await api('info', {}, password)).text();
    const inUrl = new URL(`${url}/api/info`);
    await (await fetch(inUrl, { headers: { authorization: `Bearer ${password}` } })).text();
  }
  // The correct logins succeeded, so the search covers the traces of successful logins.
  expect(accepted).toBeGreaterThanOrEqual(16);
  for (const command of [
    `AUTH XOAUTH2 ${xoauth2(SECRETS.token)}`,
    `AUTH OAUTHBEARER ${bearer(SECRETS.token)}`,
  ]) {
    await smtp([command]);
    await imap([`a ${command.replace('AUTH', 'AUTHENTICATE')}`]);
    await pop3([command]);
  }

  const sent = (await (
    await post('messages', { from: 'a@x.test', to: 'b@x.test', text: 'x' })
  ).json()) as Captured;
  const released = await post(`messages/${sent.id ?? ''}/release`, {});
  expect(released.status).toBeLessThan(300);
  await expect.poll(async () => (await smartHost.messages()).length).toBe(1);
  expect((await smartHost.messages())[0]?.origin.user).toBe('relay');

  const secrets = [...Object.values(SECRETS), minted.password];
  const page = (await (await api('messages?limit=1000')).json()) as MessagePage;
  expect(page.total).toBeGreaterThan(10);
  const calls = [
    'info',
    'accounts',
    'rules',
    'sessions',
    'deliveries',
    'webhooks',
    'openapi.json',
    'tags',
    'messages',
  ];
  for (const { id } of page.messages) calls.push(`messages/${id}`, `messages/${id}/transcript`);
  const { deliveries } = (await (await api('deliveries')).json()) as { deliveries: { id: string }[] };
  expect(deliveries.length).toBeGreaterThan(0);
  for (const { id } of deliveries) calls.push(`deliveries/${id}`);
  // The API returns a rule as it was written, including its secret.
  const unwritten = secrets.filter((secret) => secret !== SECRETS.hook);
  for (const call of calls)
    expectNone(`/api/${call}`, await (await api(call)).text(), call === 'rules' ? unwritten : secrets);
  for (const call of ['../metrics', '../livez', '../readyz', 'messages/wait?timeout=0&query=subject:none'])
    expectNone(call, await (await api(call)).text(), secrets);

  program.child.kill('SIGTERM');
  expect(await program.exit).toBe(0);
  expect(program.stderr() + program.stdout()).toContain('imap');
  expectNone('the log', program.stderr() + program.stdout(), secrets);
  // Passwords of created accounts and keys of webhooks are stored in the data directory, as the documentation
  // says.
  const kept = [minted.password, SECRETS.hook];
  const unkept = secrets.filter((secret) => !kept.includes(secret));
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = readFileSync(path.join(entry.parentPath, entry.name), 'latin1');
    expectNone(entry.name, content, /^(?:db\.json|messages\.jsonl)$/.test(entry.name) ? unkept : secrets);
  }
});
