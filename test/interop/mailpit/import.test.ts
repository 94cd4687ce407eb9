/** Imports mail from a running Mailpit into a data directory, which a server then opens. */
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { MessagePage } from '../../../contract/index.ts';
import { startMailpit } from '../../helpers/mailpit.ts';
import { runProgram, temporaryDirectory } from '../../helpers/program.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';
import { installed } from '../../helpers/tool.ts';

interface MailpitPage {
  readonly messages: readonly { readonly ID: string; readonly Created: string }[];
}

const skip = !installed('mailpit');

it.skipIf(skip)(`keeps dates, tags and read marks${skip ? ' (mailpit is not installed)' : ''}`, async () => {
  const mailpit = await startMailpit();
  onTestFinished(() => mailpit.close());
  const tagged = 'From: a@x.test\r\nTo: b@x.test\r\nSubject: tagged\r\nX-Tags: red, blue\r\n\r\nhello\r\n';
  const mails = [tagged, tagged.replace(/X-Tags.*\r\n/, '').replace('tagged', 'plain')];
  await sendRaw(
    mailpit.smtp,
    mails.map((mail) => Buffer.from(mail)),
    { from: 'a@x.test', to: ['b@x.test'] },
  );
  const url = `${mailpit.url}api/v1`;
  const { messages } = (await (await fetch(`${url}/messages`)).json()) as MailpitPage;
  expect(messages).toHaveLength(2);
  // Reading the detail of a message marks it as read in Mailpit.
  await (await fetch(`${url}/message/${messages[0]?.ID}`)).text();

  const data = path.join(temporaryDirectory(), 'data');
  const program = runProgram(['import', mailpit.url, '--from', 'mailpit', '--data', data]);
  expect([await program.exit, program.stdout()]).toEqual([0, '2 messages imported, 0 failed\n']);
  const sandbox = await startTestSandbox({ memory: false, data });
  const imported = (await sandbox.json<MessagePage>('messages')).messages;
  expect(
    imported.map(({ subject, receivedAt, seen, tags }) => [subject, Date.parse(receivedAt), seen, tags]),
  ).toEqual([
    ['plain', Date.parse(messages[0]?.Created ?? ''), true, []],
    ['tagged', Date.parse(messages[1]?.Created ?? ''), false, ['blue', 'red']],
  ]);
});
