/** Runs unmodified clients of Mailosaur against Restante: `mailosaur` and `cypress-mailosaur` (npm), `mailosaur` (PyPI). */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { expect, it, onTestFinished } from 'vitest';
import { findChrome } from '../../../server/service/picture/find-chrome.ts';
import { startConnectProxy } from '../../helpers/connect-proxy.ts';
import { fakeCypress } from '../../helpers/fake-cypress.ts';
import { startTestSandbox, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { installed, mustRun, runTool } from '../../helpers/tool.ts';

/** The folder with the packages mailosaur and cypress-mailosaur. */
const packages = process.env['MAILOSAUR_CLIENTS'];
const skip = packages === undefined;
const needs = skip ? ' (needs MAILOSAUR_CLIENTS)' : '';

const hasPython =
  installed('python3') && (await runTool('python3', ['-c', 'import mailosaur.models'])).code === 0;

const programs = path.join(import.meta.dirname, '..', 'programs');

const SERVER = 'abcd1234';
const RECIPIENT = `bob@${SERVER}.mailosaur.net`;

const MAIL = [
  'From: Ann <ann@x.test>',
  `To: ${RECIPIENT}`,
  'Subject: Confirm',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/html',
  '',
  '<p>Your code is 482913.</p><a href="https://x.test/html">Open</a><img src="cid:p" alt="Logo">',
  '--b',
  'Content-Type: text/plain; name=a.txt',
  'Content-Disposition: attachment; filename=a.txt',
  '',
  'hello',
  '--b--',
  '',
].join('\r\n');

const sendMail = ({ smtp }: TestSandbox): Promise<string[]> =>
  sendRaw(smtp, [Buffer.from(MAIL)], { from: 'ann@x.test', to: [RECIPIENT] });

it.skipIf(skip)(`serves mailosaur for Node${needs}`, async () => {
  const hasBrowser = findChrome(process.platform, process.env) !== null;
  const sandbox = await startTestSandbox({ tls: 'auto' });
  await sendMail(sandbox);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'restante-mailosaur-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const authority = path.join(folder, 'ca.crt');
  writeFileSync(authority, await (await sandbox.api('ca.crt')).text());
  const https = sandbox.sandbox.endpoints.find(({ protocol }) => protocol === 'https');
  const proxy = await startConnectProxy({ host: https?.host ?? '', port: https?.port ?? 0 });
  onTestFinished(() => proxy.close());
  const program = path.join(programs, 'mailosaur-client.mjs');
  const env = {
    HTTPS_PROXY: proxy.url,
    https_proxy: '',
    NODE_EXTRA_CA_CERTS: authority,
    TEST_BROWSER: hasBrowser ? 'yes' : 'no',
  };
  const args = [program, packages ?? '', 'https://localhost/mailosaur/', SERVER];
  expect(await mustRun(process.execPath, args, { env })).toBe('ok\n');
  expect([...proxy.named]).toEqual(['localhost:443']);
});

it.skipIf(!hasPython)(`serves mailosaur for Python${hasPython ? '' : ' (not installed)'}`, async () => {
  const { url, smtp } = await startTestSandbox();
  const program = path.join(programs, 'mailosaur_client.py');
  const args = ['-W', 'ignore', program, `${url}mailosaur/`, smtp.host, String(smtp.port)];
  expect(await mustRun('python3', args)).toBe('ok\n');
});

interface Commands {
  mailosaurGetMessage(server: string, criteria: object): Promise<Message>;
  mailosaurDownloadAttachment(id: string): Promise<string>;
  mailosaurListMessages(server: string): Promise<{ readonly items: readonly { readonly id: string }[] }>;
  mailosaurSearchMessages(server: string, criteria: object, options: object): Promise<{ items: unknown[] }>;
  mailosaurListServers(): Promise<{ readonly items: readonly { readonly id: string }[] }>;
  mailosaurGetSpamAnalysis(id: string): Promise<{ readonly score: number }>;
  mailosaurGetDeviceOtp(secret: string): Promise<{ readonly code: string }>;
  mailosaurDeleteAllMessages(server: string): Promise<unknown>;
  mailosaurGetMessageById(id: string): Promise<Message>;
}

interface Message {
  readonly id: string;
  readonly subject: string;
  readonly html: { readonly codes: readonly { readonly value: string }[] };
  readonly attachments: readonly { readonly id: string }[];
}

it.skipIf(skip)(`serves cypress-mailosaur${needs}`, async () => {
  const sandbox = await startTestSandbox();
  await sendMail(sandbox);
  const added = fakeCypress(
    {},
    { MAILOSAUR_API_KEY: 'any-key', MAILOSAUR_BASE_URL: `${sandbox.url}mailosaur/` },
  );
  const load = createRequire(path.join(packages ?? '', 'package.json'));
  const { register } = load('cypress-mailosaur/dist/register.js') as {
    readonly register: (cypress: unknown) => void;
  };
  register((globalThis as unknown as { readonly Cypress: unknown }).Cypress);
  const commands = Object.fromEntries(added) as unknown as Commands;
  const message = await commands.mailosaurGetMessage(SERVER, { sentTo: RECIPIENT });
  expect(message).toMatchObject({ subject: 'Confirm', html: { codes: [{ value: '482913' }] } });
  expect(await commands.mailosaurDownloadAttachment(message.attachments[0]?.id ?? '')).toBe('hello');
  expect((await commands.mailosaurListMessages(SERVER)).items).toHaveLength(1);
  const none = await commands.mailosaurSearchMessages(
    SERVER,
    { subject: 'absent' },
    { timeout: 200, errorOnTimeout: false },
  );
  expect(none.items).toEqual([]);
  expect((await commands.mailosaurListServers()).items).toHaveLength(1);
  expect((await commands.mailosaurGetSpamAnalysis(message.id)).score).toBe(0);
  expect((await commands.mailosaurGetDeviceOtp('ONSWG4TFOQYTEMY=')).code).toMatch(/^\d{6}$/);
  await commands.mailosaurDeleteAllMessages(SERVER);
  expect((await commands.mailosaurListMessages(SERVER)).items).toEqual([]);
  await expect(commands.mailosaurGetMessageById(message.id)).rejects.toThrow('Not found');
});
