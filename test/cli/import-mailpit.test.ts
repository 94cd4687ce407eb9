/** Tests the import of the messages of a Mailpit; a sandbox, which has the same API, takes its place. */
import { expect, it } from 'vitest';
import { mailpitMessages } from '../../server/cli/tool-messages/mailpit.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const mail = (subject: string): Buffer =>
  Buffer.from(`Return-Path: <ann@x.test>\r\nFrom: ann@x.test\r\nSubject: ${subject}\r\n\r\nText\r\n`);

it('reads the messages oldest first, with dates, tags and read marks', async () => {
  const sandbox = await startTestSandbox();
  const [first, second] = await sendRaw(sandbox.smtp, [mail('one'), mail('two')]);
  const put = (path: string, body: object): Promise<Response> =>
    fetch(new URL(path, sandbox.url), { method: 'PUT', body: JSON.stringify(body) });
  await put('api/v1/messages', { IDs: [first], Read: true });
  await put('api/v1/tags', { IDs: [second], Tags: ['red'] });
  const items = [];
  for await (const item of mailpitMessages(`${sandbox.url}mailpit`)) items.push(item);
  expect(items).toMatchObject([
    { source: first, raw: mail('one'), flags: ['\\Seen'], tags: [], from: 'ann@x.test' },
    { source: second, raw: mail('two'), flags: [], tags: ['red'], from: 'ann@x.test' },
  ]);
  expect(items[0]?.receivedAt).toBeGreaterThan(0);
});

it('reports an address that is not a Mailpit', async () => {
  await expect(mailpitMessages('nowhere').next()).rejects.toThrow('is not the address of a Mailpit');
  const { url } = await startTestSandbox();
  await expect(mailpitMessages(`${url}api`).next()).rejects.toThrow('responds with status 404');
});
