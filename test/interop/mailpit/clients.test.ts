/**
 * Runs unmodified clients of Mailpit against Restante and against Mailpit: `mailpit-api` and `cypress-mailpit` (npm),
 * `mailpit-api-client` and `pytest-mailpit` (PyPI).
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { MailpitClient } from 'mailpit-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeCypress } from '../../helpers/fake-cypress.ts';
import { startMailpit } from '../../helpers/mailpit.ts';
import type { ToolServer } from '../../helpers/tool-server.ts';
import { openTestSandbox, type Address, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { installed, mustRun, runTool } from '../../helpers/tool.ts';
import { variedMessages } from '../../helpers/varied-messages.ts';

interface Server {
  readonly url: string;
  readonly smtp: Address;
}

/** The folder with the package cypress-mailpit; its peer dependency prevents a normal installation. */
const packages = process.env['MAILPIT_CLIENTS'];

const hasPython = async (module: string): Promise<boolean> =>
  installed('python3') && (await runTool('python3', ['-c', `import ${module}`])).code === 0;
const pythons = { api: await hasPython('mailpit.client'), pytest: await hasPython('pytest_mailpit') };

let sandbox: TestSandbox;
let mailpit: ToolServer | undefined;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  mailpit = installed('mailpit') ? await startMailpit() : undefined;
});
afterAll(async () => {
  await sandbox.close();
  await mailpit?.close();
});

const servers: readonly (readonly [string, () => Server])[] = [
  ['Restante', () => sandbox],
  ['Restante below /mailpit', () => ({ ...sandbox, url: `${sandbox.url}mailpit/` })],
  ...(installed('mailpit') ? ([['Mailpit', () => mailpit!]] as const) : []),
];

const programs = path.join(import.meta.dirname, '..', 'programs');

interface CypressCommands {
  mailpitDeleteAllEmails(): Promise<unknown>;
  mailpitSendMail(options: object): Promise<{ ID: string }>;
  mailpitGetMail(id?: string): Promise<{ ID: string; Subject: string }>;
  mailpitHasEmailsByTo(to: string): Promise<{ messages: unknown[] }>;
  mailpitHasEmailsBySubject(subject: string): Promise<{ messages_count: number }>;
  mailpitNotHasEmailsBySubject(subject: string): Promise<unknown>;
  mailpitDeleteEmailsBySearch(query: string): Promise<unknown>;
  mailpitGetMailHTMlBody(message: unknown): Promise<string>;
  mailpitGetMailTextBody(message: unknown): Promise<string>;
  mailpitSetStatusAsRead(message: unknown): Promise<unknown>;
  mailpitSearchEmails(query: string): Promise<{ messages_count: number }>;
}

describe.each(servers)('%s', (_name, server) => {
  it('serves mailpit-api', async () => {
    const client = new MailpitClient(server().url.replace(/\/$/, ''));
    await client.deleteMessages();
    const { ID } = await client.sendMessage({
      From: { Email: 'from@x.test', Name: 'From' },
      To: [{ Email: 'rec@x.test', Name: 'Rec' }],
      Bcc: ['hidden@x.test'],
      Subject: 'Client test',
      Text: 'Some text',
      HTML: '<p>Some <a href="http://127.0.0.1:9/x">text</a></p>',
      Tags: ['one'],
      Attachments: [{ Content: 'aGk=', Filename: 'a.txt', ContentType: 'text/plain' }],
    });
    expect(await client.getMessageSummary(ID)).toMatchObject({ Subject: 'Client test', Tags: ['one'] });
    expect(await client.getMessageHeaders(ID)).toMatchObject({ Subject: ['Client test'] });
    expect(await client.getMessageSource(ID)).toContain('Subject: Client test');
    expect((await client.getMessageAttachment(ID, '2')).size).toBe(2);
    expect((await client.getAttachmentThumbnail(ID, '2')).type).toBe('image/jpeg');
    expect(await client.listMessages()).toMatchObject({ total: 1, count: 1, messages: [{ Attachments: 1 }] });
    const found = await client.waitForMessage({ query: 'subject:client' });
    expect(found.ID).toBe(ID);
    expect(await client.searchMessages({ query: 'bcc:hidden' })).toMatchObject({ messages_count: 1 });
    expect((await client.htmlCheck(ID)).Total.Tests).toBeGreaterThan(100);
    expect(await client.linkCheck(ID)).toMatchObject({ Errors: 1 });
    expect(await client.renderMessageHTML(ID)).toContain('<p>Some');
    expect(await client.renderMessageText(ID)).toContain('Some text');
    await client.setReadStatus({ IDs: [ID], Read: false });
    await client.setTags({ IDs: [ID], Tags: ['two', 'three'] });
    await client.renameTag('two', 'four');
    await client.deleteTag('three');
    expect(await client.getTags()).toEqual(['four']);
    const trigger = { ErrorCode: 451, Probability: 5 };
    expect(await client.setChaosTriggers({ Sender: trigger })).toMatchObject({ Sender: trigger });
    await client.setChaosTriggers();
    expect(await client.getChaosTriggers()).toMatchObject({ Sender: { ErrorCode: 451, Probability: 0 } });
    expect(await client.getInfo()).toMatchObject({ Messages: 1, Unread: 1, Tags: { four: 1 } });
    expect(await client.getConfiguration()).toMatchObject({ ChaosEnabled: true });
    await client.deleteMessagesBySearch({ query: 'subject:client' });
    expect((await client.listMessages()).total).toBe(0);
  });

  it.skipIf(packages === undefined)('serves cypress-mailpit (needs MAILPIT_CLIENTS)', async () => {
    fakeCypress({ expose: () => server().url.replace(/\/$/, '') });
    const file = path.join(packages ?? '', 'cypress-mailpit/dist/src/MailpitCommands.js');
    const { MailpitCommands } = (await import(pathToFileURL(file).href)) as {
      MailpitCommands: new () => CypressCommands;
    };
    const commands = new MailpitCommands();
    await commands.mailpitDeleteAllEmails();
    const { ID } = await commands.mailpitSendMail({ subject: 'From Cypress' });
    expect(await commands.mailpitGetMail()).toMatchObject({ ID, Subject: 'From Cypress' });
    expect((await commands.mailpitHasEmailsByTo('jane@example.com')).messages).toHaveLength(1);
    expect((await commands.mailpitHasEmailsBySubject('cypress')).messages_count).toBe(1);
    await commands.mailpitNotHasEmailsBySubject('absent');
    const mail = await commands.mailpitGetMail(ID);
    expect(await commands.mailpitGetMailHTMlBody(mail)).toContain('<p>hello from mailpit</p>');
    expect(await commands.mailpitGetMailTextBody(mail)).toContain('hello from mailpit');
    await commands.mailpitSetStatusAsRead(mail);
    expect((await commands.mailpitSearchEmails('is:unread')).messages_count).toBe(0);
    await commands.mailpitDeleteEmailsBySearch('subject:cypress');
    expect((await commands.mailpitSearchEmails('cypress')).messages_count).toBe(0);
  });

  it.skipIf(!pythons.api)(`serves mailpit-api-client${pythons.api ? '' : ' (not installed)'}`, async () => {
    const { url, smtp } = server();
    await fetch(`${url}api/v1/messages`, { method: 'DELETE' });
    const mails = variedMessages.slice(0, 20);
    for (const { raw, from, to } of mails) await sendRaw(smtp, [Buffer.from(raw)], { from, to });
    const program = path.join(programs, 'mailpit_api_client.py');
    expect(await mustRun('python3', ['-W', 'ignore', program, url, String(mails.length)])).toBe('ok\n');
  });

  it.skipIf(!pythons.pytest)(`serves pytest-mailpit${pythons.pytest ? '' : ' (not installed)'}`, async () => {
    const { url, smtp } = server();
    await fetch(`${url}api/v1/messages`, { method: 'DELETE' });
    const options = ['-q', '-p', 'no:cacheprovider', '--mailpit-url', url.replace(/\/$/, '')];
    const place = ['-o', `mailpit_smtp=${smtp.host}:${smtp.port}`];
    const program = path.join(programs, 'test_pytest_mailpit.py');
    const env = { PYTHONDONTWRITEBYTECODE: '1' };
    const output = await mustRun('python3', ['-m', 'pytest', ...options, ...place, program], { env });
    expect(output).toContain('3 passed');
  });
});
