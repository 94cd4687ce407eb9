/**
 * Tests the parts of a message over HTTP: their names, their text in any character set, and their description in
 * the detail.
 */
import { expect, it } from 'vitest';
import type { Detail } from '../../contract/index.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const MESSAGE = `From: Ann <a@x.test>
To: b@x.test
Subject: nameless
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=q

--q
Content-Type: text/plain

before
begin 644 cat.txt
#0V%T
\`
end
after
--q
Content-Type: message/rfc822

From: c@x.test
Subject: inner subject

x
--q
Content-Type: text/calendar; method=REQUEST
Content-Disposition: attachment

BEGIN:VCALENDAR
END:VCALENDAR
--q
Content-Type: application/ms-tnef

x
--q
Content-Type: text/plain; charset=csISO2022JP
Content-Disposition: attachment; filename=a.txt

\x1b$BK\\J8%F%9%H\x1b(B
--q--
`.replaceAll('\n', '\r\n');

it('have a name with an extension, a kind, and their text in UTF-8', async () => {
  const sandbox = await startTestSandbox();
  const [id = ''] = await sendRaw(sandbox.smtp, [Buffer.from(MESSAGE)]);
  const detail = (await (await sandbox.api(`messages/${id}`)).json()) as Detail;
  expect(detail).toMatchObject({ text: 'before\nafter', encryption: null });
  expect(detail.attachments.map(({ part, name, kind }) => [part, name, kind])).toEqual([
    ['1.uu1', 'cat.txt', 'file'],
    ['2', 'inner subject.eml', 'message'],
    ['3', 'invitation.ics', 'calendar'],
    ['4', 'winmail.dat', 'tnef'],
    ['5', 'a.txt', 'file'],
  ]);
  for (const { part, name } of detail.attachments) {
    const response = await sandbox.api(`messages/${id}/parts/${part}?download=true`);
    expect(response.headers.get('content-disposition')).toContain(`attachment; filename="${name}"`);
    expect(await response.text()).not.toBe('');
  }
  expect(await (await sandbox.api(`messages/${id}/parts/1.uu1`)).text()).toBe('Cat');
  const text = await sandbox.api(`messages/${id}/parts/5?utf8=true`);
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await text.text()).toBe('本文テスト');
  const page = (await (await sandbox.api('messages?query=filename:cat.txt')).json()) as { total: number };
  expect(page.total).toBe(1);
});

it('report how an encrypted message is encrypted', async () => {
  const sandbox = await startTestSandbox();
  const smime =
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\r\n\r\nx\r\n';
  const [id = ''] = await sendRaw(sandbox.smtp, [Buffer.from(smime)]);
  const detail = (await (await sandbox.api(`messages/${id}`)).json()) as Detail;
  expect(detail).toMatchObject({
    encryption: 'smime',
    text: null,
    structure: { kind: 'encrypted', name: 'smime.p7m' },
  });
});
