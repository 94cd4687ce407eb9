/**
 * Runs unmodified clients of MailHog against Restante and, if MailHog is installed, also against MailHog: `mailhog` and
 * `cypress-mailhog` (npm).
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeCypress } from '../../helpers/fake-cypress.ts';
import { startMailhog } from '../../helpers/mailhog.ts';
import type { ToolServer } from '../../helpers/tool-server.ts';
import { openTestSandbox, type Address, type TestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { installed } from '../../helpers/tool.ts';

interface Server {
  readonly url: string;
  readonly smtp: Address;
}

/** The folder `node_modules` with the packages mailhog and cypress-mailhog. */
const packages = process.env['MAILHOG_CLIENTS'];
const note = packages === undefined ? ' (needs MAILHOG_CLIENTS)' : '';

interface MailhogItem {
  readonly ID: string;
  readonly text: string;
  readonly html: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly cc: string;
  readonly replyTo: string;
  readonly date: Date;
  readonly deliveryDate: Date;
  readonly attachments: readonly { readonly name: string; readonly type: string; readonly Body: string }[];
}

interface MailhogPage {
  readonly total: number;
  readonly count: number;
  readonly items: readonly MailhogItem[];
}

interface MailhogClient {
  messages(start?: number, limit?: number): Promise<MailhogPage>;
  search(query: string, kind?: string): Promise<MailhogPage>;
  latestFrom(query: string): Promise<MailhogItem>;
  latestTo(query: string): Promise<MailhogItem>;
  latestContaining(query: string): Promise<MailhogItem>;
  releaseMessage(id: string, config: object): Promise<{ readonly statusCode: number } | object>;
  deleteMessage(id: string): Promise<{ readonly statusCode: number }>;
  deleteAll(): Promise<{ readonly statusCode: number }>;
}

const MAIL = Buffer.from(
  [
    ...['From: =?utf-8?Q?J=C3=B6rg?= <joerg@x.test>', 'To: Bob <bob@y.test>', 'Cc: carol@y.test'],
    ...[
      'Reply-To: desk@x.test',
      'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
      'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    ],
    ...['MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=m', '', '--m'],
    ...['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', ''],
    ...['Gr=C3=BC=C3=9Fe aus K=C3=B6ln', '--m'],
    ...['Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: base64', ''],
    ...[Buffer.from('<p>Grüße</p>').toString('base64'), '--m'],
    ...[
      'Content-Type: text/plain',
      'Content-Disposition: attachment; filename="a.txt"',
      '',
      'notes',
      '--m--',
      '',
    ],
  ].join('\r\n'),
);

let sandbox: TestSandbox;
let mailhog: ToolServer | undefined;
beforeAll(async () => {
  sandbox = await openTestSandbox();
  mailhog = installed('mailhog') ? await startMailhog() : undefined;
});
afterAll(async () => {
  await sandbox.close();
  await mailhog?.close();
});

const servers: readonly (readonly [string, () => Server])[] = [
  ['Restante', () => sandbox],
  ['Restante below /mailhog', () => ({ ...sandbox, url: `${sandbox.url}mailhog/` })],
  ...(installed('mailhog') ? ([['MailHog', () => mailhog!]] as const) : []),
];

/** Loads a package; if it was loaded before, its code is run again. */
function load(name: string): unknown {
  const require = createRequire(import.meta.url);
  const file = require.resolve(path.join(packages ?? '', name));
  Reflect.deleteProperty(require.cache, file);
  return require(file) as unknown;
}

async function fill({ url, smtp }: Server): Promise<void> {
  await fetch(`${url}api/v1/messages`, { method: 'DELETE' });
  await sendRaw(smtp, [MAIL], { from: 'joerg@x.test', to: ['bob@y.test', 'carol@y.test'] });
}

describe.skipIf(packages === undefined).each(servers)(`%s${note}`, (_name, server) => {
  it('serves the package mailhog', async () => {
    await fill(server());
    const { hostname, port, pathname } = new URL(`${server().url}api`);
    const create = load('mailhog') as (options: object) => MailhogClient;
    const client = create({ host: hostname, port, basePath: pathname });
    const page = await client.messages(0, 10);
    expect({ total: page.total, count: page.count }).toEqual({ total: 1, count: 1 });
    const [item] = page.items;
    expect(item).toBeDefined();
    const { text, html, subject, from, to, cc, replyTo, date, attachments } = item!;
    expect({ text, html, subject, from, to, cc, replyTo, date }).toEqual({
      text: 'Grüße aus Köln',
      html: '<p>Grüße</p>',
      subject: 'Grüße',
      from: 'Jörg <joerg@x.test>',
      to: 'Bob <bob@y.test>',
      cc: 'carol@y.test',
      replyTo: 'desk@x.test',
      date: new Date('2026-11-23T10:00:00Z'),
    });
    expect(attachments.map(({ name, Body }) => [name, Body])).toEqual([['a.txt', 'notes']]);
    expect(item!.deliveryDate.getTime()).toBeGreaterThan(date.getTime());
    expect((await client.latestFrom('joerg')).ID).toBe(item!.ID);
    expect((await client.latestTo('carol@y.test')).ID).toBe(item!.ID);
    expect((await client.latestContaining('notes')).ID).toBe(item!.ID);
    expect((await client.search('nothing-matches')).total).toBe(0);
    expect((await client.deleteMessage(item!.ID)).statusCode).toBe(200);
    expect((await client.messages()).total).toBe(0);
    expect((await client.deleteAll()).statusCode).toBe(200);
  });

  it('serves cypress-mailhog', async () => {
    await fill(server());
    const mailHogUrl = server().url;
    const commands = fakeCypress({ env: (name) => (name === 'mailHogUrl' ? mailHogUrl : undefined) });
    load('cypress-mailhog');
    const run = async (name: string, ...args: unknown[]): Promise<unknown> => commands.get(name)?.(...args);
    const mails = (await run('mhGetAllMails')) as readonly object[];
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(await run('mhGetMailsByRecipient', 'carol@y.test')).toHaveLength(1);
    expect(await run('mhGetMailsBySender', 'joerg@x.test')).toHaveLength(1);
    expect(await run('mhGetMailsBySubject', '=?utf-8?B?R3LDvMOfZQ==?=')).toHaveLength(1);
    expect(await run('mhSearchMails', 'to', 'bob@y.test')).toHaveLength(1);
    expect(await run('mhFilterBySender', mails, 'other@x.test')).toEqual([]);
    expect(await run('mhGetSender', mail)).toBe('joerg@x.test');
    expect(await run('mhGetRecipients', mail)).toEqual(['bob@y.test', 'carol@y.test']);
    expect(await run('mhGetBody', mail)).toContain('Gr=C3=BC=C3=9Fe');
    expect(await run('mhGetAttachments', mail)).toEqual(['"a.txt"']);
    expect(await run('mhGetJimMode')).toBe(false);
    await run('mhSetJimMode', true);
    expect(await run('mhGetJimMode')).toBe(true);
    await run('mhSetJimMode', false);
    expect(await run('mhGetJimMode')).toBe(false);
    await run('mhDeleteAll');
    expect(await run('mhGetAllMails')).toEqual([]);
  });
});
