/** Tests the results of the checks in the forms of Mailosaur and Mailtrap. */
import { expect, it } from 'vitest';
import { startTestSandbox } from '../helpers/sandbox.ts';
import { sendRaw } from '../helpers/smtp.ts';

const MAIL = [
  'From: ann@x.test',
  'To: bob@x.test',
  'Subject: Report',
  'Content-Type: text/html',
  '',
  '<p style="display:grid">Hi <a href="https://bit.ly/1">Open</a><img src="https://x.test/p.png"></p>',
  '',
].join('\r\n');

it('reports the findings of the checks in place of the rules of a spam filter', async () => {
  const sandbox = await startTestSandbox();
  const [id = ''] = await sendRaw(sandbox.smtp, [Buffer.from(MAIL)]);
  const { seq } = await sandbox.json<{ readonly seq: number }>(`messages/${id}`);
  const authorization = `Basic ${Buffer.from('any:').toString('base64')}`;
  const report = async (path: string): Promise<unknown> =>
    (await fetch(new URL(path, sandbox.url), { headers: { authorization } })).json();
  const analysis = 'mailosaur/api/analysis';
  const message = `mailtrap/api/accounts/1/inboxes/1/messages/${seq}`;
  const text = expect.any(String) as unknown;
  expect(await report(`${analysis}/spam/${id}`)).toMatchObject({
    score: 0,
    spamFilterResults: {
      spamAssassin: expect.arrayContaining([{ rule: text, score: 0, description: text }]),
    },
  });
  expect(await report(`${analysis}/deliverability/${id}`)).toMatchObject({
    spf: { result: 'Timeout', description: expect.stringContaining('--check-zone') },
    content: { shortUrls: true, script: false, missingAlt: true, missingListUnsubscribe: true },
    spamAssassin: { result: 'Pass' },
  });
  expect(await report(`${message}/spam_report`)).toMatchObject({
    report: {
      ResponseMessage: 'EX_OK',
      Score: 0,
      Spam: false,
      Details: expect.arrayContaining([{ Pts: '0.0', RuleName: text, Description: text }]),
    },
  });
  expect(await report(`${message}/analyze`)).toMatchObject({
    report: {
      status: 'success',
      errors: expect.arrayContaining([
        {
          error_line: expect.any(Number),
          rule_name: 'css-display-grid',
          email_clients: { desktop: expect.any(Array), mobile: expect.any(Array), web: expect.any(Array) },
        },
      ]),
    },
  });
});
