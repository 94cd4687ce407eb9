/**
 * Tests what the message view shows for encrypted and wrapped messages, and for attachments that are not plain files.
 */
import { expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';
import { browserForFile } from './browser-page.ts';

const open = browserForFile();

const part = (type: string, body = 'x'): string => `--b\r\nContent-Type: ${type}\r\n\r\n${body}\r\n`;
const multipart = (type: string, ...parts: string[]): string =>
  `Content-Type: multipart/${type}; boundary=b\r\n\r\n${parts.join('')}--b--\r\n`;
const NESTED =
  'From: c@x.test\r\nSubject: Nested\r\nContent-Type: text/plain\r\n\r\nThe text of the nested message\r\n';

const messages: Readonly<Record<string, { readonly mail: string; readonly texts: readonly string[] }>> = {
  'PGP/MIME': {
    mail: multipart(
      'encrypted; protocol="application/pgp-encrypted"',
      part('application/pgp-encrypted', 'Version: 1'),
      part('application/octet-stream; name=encrypted.asc', '-----BEGIN PGP MESSAGE-----'),
    ),
    texts: [
      'This message is encrypted (PGP).',
      'Restante has no key to decrypt it. Download the encrypted data to decrypt it elsewhere.',
      '· encrypted · application/octet-stream',
    ],
  },
  'PGP in the text': {
    mail: 'Content-Type: text/plain\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n',
    texts: ['This message is encrypted (PGP).', 'hQEMA'],
  },
  'encrypted S/MIME': {
    mail: 'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nx\r\n',
    texts: ['This message is encrypted (S/MIME).', '· encrypted · application/pkcs7-mime'],
  },
  'signed S/MIME': {
    mail: 'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\n\r\nx\r\n',
    texts: [
      'The body of this message is inside its S/MIME signature.',
      'Restante cannot read this format. Download the data and open it in a mail program that can.',
      '· signed message · application/pkcs7-mime',
    ],
  },
  'winmail.dat': {
    mail: multipart('mixed', part('application/ms-tnef; name=winmail.dat')),
    texts: [
      'The body of this message is inside Outlook’s winmail.dat.',
      'winmail.dat',
      '· Outlook’s winmail.dat · application/ms-tnef',
    ],
  },
  'a report with a nested message': {
    mail: multipart(
      'report; report-type=delivery-status',
      part('text/plain', 'It could not be delivered'),
      part('message/delivery-status', 'Reporting-MTA: dns; x.test'),
      part('message/rfc822', NESTED),
    ),
    texts: ['It could not be delivered', '· delivery report ·', 'Nested.eml', '· message · message/rfc822'],
  },
};

it('names the kind of every part, and the location of the body of an encrypted or wrapped message', async () => {
  const sandbox = await startTestSandbox();
  const names = Object.keys(messages);
  const mail = names.map((name) =>
    Buffer.from(
      `From: a@x.test\r\nTo: b@x.test\r\nSubject: ${name}\r\nMIME-Version: 1.0\r\n${messages[name]!.mail}`,
    ),
  );
  await sendRaw(sandbox.smtp, mail);
  const { page } = await open(sandbox);
  for (const name of names) {
    await page.locator('[data-message]').filter({ hasText: name }).first().click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    for (const text of messages[name]!.texts) {
      await page.getByRole('tabpanel').getByText(text).first().waitFor();
    }
  }
  // The nested message is expanded in the tree of parts.
  await page.getByRole('tab', { name: 'Source' }).click();
  await page.getByRole('tabpanel').getByText('Structure', { exact: true }).click();
  await page.getByRole('tabpanel').getByText('message/rfc822').waitFor();
});

it('lists the effects of a rule that failed', async () => {
  const sandbox = await startTestSandbox();
  const rule = { name: 'hand over', on: 'data', then: { relay: true, tag: 'kept' } };
  await sandbox.json('rules', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(rule),
  });
  const [id = ''] = await sendRaw(sandbox.smtp, [Buffer.from('Subject: s\r\n\r\nx\r\n')]);
  const { page } = await open(sandbox, `inbox/all/${id}/activity`);
  const hit = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'hand over' });
  await hit.getByText('relaying is off').waitFor();
  expect(await hit.textContent()).toContain('tags kept, relays');
});
