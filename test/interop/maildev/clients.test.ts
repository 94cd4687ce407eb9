/** Runs the unmodified commands of cypress-maildev (npm) against Restante, which has the paths of MailDev 2. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { fakeCypress } from '../../helpers/fake-cypress.ts';
import { maildevPackages } from '../../helpers/maildev.ts';
import { startTestSandbox } from '../../helpers/sandbox.ts';
import { sendRaw } from '../../helpers/smtp.ts';

interface Email {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
}

interface Commands {
  maildevGetAllMessages(): Promise<readonly Email[]>;
  maildevGetLastMessage(): Promise<Email>;
  maildevGetMessageById(id: string): Promise<Email>;
  maildevGetMessageBySubject(subject: string): Promise<Email | null>;
  maildevGetMessageBySentTo(address: string): Promise<Email | null>;
  maildevGetOTPCode(text: string): Promise<string | null>;
  maildevDeleteMessageById(id: string): Promise<boolean>;
  maildevDeleteAllMessages(): Promise<boolean>;
  maildevHealthcheck(): Promise<boolean>;
}

const skip = maildevPackages === undefined;

it.skipIf(skip)(`serves cypress-maildev${skip ? ' (needs MAILDEV_PACKAGES)' : ''}`, async () => {
  const sandbox = await startTestSandbox();
  const { hostname, port } = new URL(sandbox.url);
  const settings: Readonly<Record<string, string>> = {
    MAILDEV_PROTOCOL: 'http',
    MAILDEV_HOST: hostname,
    MAILDEV_API_PORT: port,
  };
  fakeCypress({ expose: (name) => settings[name] });
  const file = path.join(maildevPackages ?? '', 'cypress-maildev/build/maildevCommands.js');
  const { MaildevCommands } = (await import(pathToFileURL(file).href)) as {
    MaildevCommands: new () => Commands;
  };
  const commands = new MaildevCommands();
  expect(await commands.maildevHealthcheck()).toBe(true);
  const mail = (subject: string, to: string): Buffer =>
    Buffer.from(`From: a@x.test\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nYour code is 482913\r\n`);
  await sendRaw(sandbox.smtp, [mail('First', 'bob@x.test'), mail('Second', 'carol@x.test')]);
  expect((await commands.maildevGetAllMessages()).map(({ subject }) => subject)).toEqual(['First', 'Second']);
  expect((await commands.maildevGetLastMessage()).subject).toBe('Second');
  const first = await commands.maildevGetMessageBySubject('First');
  expect(await commands.maildevGetMessageBySubject('Absent')).toBeNull();
  expect((await commands.maildevGetMessageBySentTo('bob@x.test'))?.id).toBe(first?.id);
  const { text, id } = await commands.maildevGetMessageById(first?.id ?? '');
  expect(await commands.maildevGetOTPCode(text)).toBe('482913');
  expect(await commands.maildevDeleteMessageById(id)).toBe(true);
  expect(await commands.maildevGetAllMessages()).toHaveLength(1);
  expect(await commands.maildevDeleteAllMessages()).toBe(true);
  expect(await commands.maildevGetAllMessages()).toEqual([]);
});
