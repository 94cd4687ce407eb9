/** Tests the import of the messages of a MailHog and a MailDev; a sandbox, which has the same APIs, takes their place. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maildevMessages } from '../../server/cli/tool-messages/maildev.ts';
import { mailhogMessages } from '../../server/cli/tool-messages/mailhog.ts';
import type { MailItem } from '../../server/store/transfer/mail-item.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const mail = (number: number): Buffer =>
  Buffer.from(`From: ann@x.test\r\nSubject: ${number}\r\n\r\nText\r\n`);

/** One message more than the import reads at once. */
const mails = Array.from({ length: 101 }, (_, number) => mail(number));

let sandbox: TestSandbox;
let ids: readonly string[];
beforeAll(async () => {
  sandbox = await openTestSandbox();
  ids = await sendRaw(sandbox.smtp, mails, { from: 'ann@x.test', to: ['bob@x.test'] });
});
afterAll(() => sandbox.close());

async function all(items: AsyncIterable<MailItem>): Promise<readonly MailItem[]> {
  const read: MailItem[] = [];
  for await (const item of items) read.push(item);
  return read;
}

const sources = (items: readonly MailItem[]): readonly string[] => items.map(({ source }) => source);

it('reads the messages of a MailHog, oldest first', async () => {
  const items = await all(mailhogMessages(`${sandbox.url}mailhog`));
  expect(sources(items)).toEqual(ids);
  expect(items[100]).toMatchObject({ raw: mails[100], from: 'ann@x.test', flags: [] });
  expect(items[100]?.receivedAt).toBeGreaterThan(0);
});

it('reads the messages of a MailDev, oldest first, with read marks', async () => {
  await fetch(new URL(`api/email/${ids[1]}`, sandbox.url));
  const items = await all(maildevMessages(`${sandbox.url}maildev/`));
  expect(sources(items)).toEqual(ids);
  expect(items.slice(0, 2)).toMatchObject([
    { raw: mails[0], from: 'ann@x.test', flags: [] },
    { raw: mails[1], flags: ['\\Seen'] },
  ]);
});

it.each([
  ['a MailHog', mailhogMessages],
  ['a MailDev', maildevMessages],
])('reports an address that is not that of %s', async (tool, read) => {
  await expect(read('nowhere').next()).rejects.toThrow(`nowhere is not the address of ${tool}`);
  await expect(read(`${sandbox.url}nothing/`).next()).rejects.toThrow('responds with status 404');
});
