/**
 * Prepares the environment for the commands of the documentation: a sandbox with some mail, a rule with a webhook
 * and a delivery, and files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { DeletionOutcome, DeliveryList, Released, Rule, WebhookList } from '../../contract/index.ts';
import { openTestSandbox, type TestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { soon } from '../helpers/soon.ts';

export interface DocumentedWorld {
  readonly sandbox: TestSandbox;
  /** Ids that the examples use: `DELIVERY`, `WEBHOOK`, and the `TOKEN` of a deletion. */
  readonly ids: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const HEADER = [
  'From: Shop <a@example.test>',
  'To: b@example.test',
  'Subject: Confirm your address',
  'Date: Mon, 23 Nov 2026 10:00:00 +0000',
  'Message-ID: <1@shop.test>',
  'MIME-Version: 1.0',
];
/** A message with text, HTML and an attachment. */
const MESSAGE = [
  ...HEADER,
  'Content-Type: multipart/mixed; boundary=x',
  '',
  '--x',
  'Content-Type: multipart/alternative; boundary=y',
  '',
  '--y',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Your code is 482913',
  '--y',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<!doctype html><html lang="en"><title>Hello</title><body><p>Your code is 482913</p></body></html>',
  '--y--',
  '--x',
  'Content-Type: text/plain; name=terms.txt',
  'Content-Disposition: attachment; filename=terms.txt',
  '',
  'Be kind.',
  '--x--',
  '',
].join('\r\n');
/** A message without findings of the checks. */
const SOUND = [...HEADER, 'Content-Type: text/plain; charset=utf-8', '', 'Your code is 482913', ''].join(
  '\r\n',
);

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/**
 * Opens the environment.
 *
 * @param folder the working folder of the commands: gets `message.eml`, `mail/` and a data directory `DIR`
 */
export async function openDocumentedWorld(folder: string): Promise<DocumentedWorld> {
  // Another sandbox, which receives released mail and mail to the application. It refuses one recipient
  // temporarily, so that the delivery can be retried.
  const elsewhere = await openTestSandbox();
  const sandbox = await openTestSandbox({
    chrome: 'off',
    relay: 'manual',
    relayAllow: ['example.com', 'example.test'],
    relayRoute: [`*=127.0.0.1:${elsewhere.smtp.port}`],
    app: `smtp://127.0.0.1:${elsewhere.smtp.port}`,
    checkDns: 'off',
  });
  await elsewhere.json('rules', json({ on: 'rcpt', when: { rcpt: 'later@*' }, then: { reject: 451 } }));
  const hook = { on: 'stored', then: { webhook: { url: `${sandbox.url}api/nowhere` } } };
  const { id: rule } = await sandbox.json<Rule>('rules', json(hook));
  await sendRaw(sandbox.smtp, [Buffer.from(MESSAGE)], { from: 'a@example.test', to: ['b@example.test'] });
  const release = json({ to: ['later@example.com'] });
  const { deliveries } = await sandbox.json<Released>('messages/latest/release', release);
  const deferred = async () => (await sandbox.json<DeliveryList>('deliveries')).counts.deferred;
  const webhooks = async () => (await sandbox.json<WebhookList>('webhooks')).deliveries;
  const both = async () => [await deferred(), (await webhooks()).length];
  await soon(async () => expect(await both()).toEqual([1, 1]));
  await sandbox.api(`rules/${rule}`, { method: 'DELETE' });
  await sendRaw(sandbox.smtp, [Buffer.from(MESSAGE)], { from: 'a@example.test', to: ['gone@example.test'] });
  const removal = { method: 'DELETE' };
  const { undo } = await sandbox.json<DeletionOutcome>(
    'messages?query=rcpt:gone@example.test&undo=600',
    removal,
  );

  mkdirSync(path.join(folder, 'mail'));
  writeFileSync(path.join(folder, 'message.eml'), MESSAGE);
  writeFileSync(path.join(folder, 'mail', 'one.eml'), SOUND);
  await (await openTestSandbox({ data: path.join(folder, 'DIR') })).close();
  return {
    sandbox,
    ids: { DELIVERY: deliveries[0]?.id ?? '', WEBHOOK: (await webhooks())[0]?.id ?? '', TOKEN: undo ?? '' },
    async close() {
      await Promise.all([sandbox.close(), elsewhere.close()]);
    },
  };
}
