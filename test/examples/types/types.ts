/** Uses the types of the package; compiled in a separate project. */
import { connect, startSandbox, type Inbox, type Message, type Sandbox, type TimeoutReport } from 'restante';
import { MailTimeoutError } from 'restante';
import { expect as expectJest } from '@jest/globals';
import { expect as expectVitest } from 'vitest';
import { test as testVitest } from 'restante/vitest';
import { expect as expectPlaywright, test as testPlaywright } from 'restante/playwright';
import { assertMail, useSandbox } from 'restante/node-test';
import type {} from 'restante/mocha';
import { withInbox } from 'restante/testing';
import { mailTasks } from 'restante/cypress/plugin';
import 'restante/jest';
import 'restante/cypress';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <T extends true>(): T | undefined => undefined;

export async function promises(message: Message, inbox: Inbox): Promise<void> {
  await using sandbox = await startSandbox({ maxMessages: 5, timeout: 100 });
  is<Same<typeof sandbox, Sandbox>>();
  const other = await connect('http://127.0.0.1:8025', { auth: { user: 'a', password: 'b' } });
  is<Same<typeof other, Sandbox>>();
  is<Same<Awaited<ReturnType<Inbox['waitFor']>>, Message>>();
  const confirmed = await inbox.waitForCode({ near: /code/i, length: 6 }, { timeout: 0 });
  is<Same<typeof confirmed, string>>();
  is<Same<typeof confirmed, ReturnType<Message['code']>>>();
  is<Same<Awaited<ReturnType<Inbox['latest']>>, Message | null>>();
  const { kind } = await inbox.waitForLink({ kind: 'verify' });
  is<Same<typeof kind, 'verify' | 'reset' | 'signin' | 'invite' | 'unsubscribe' | 'other'>>();
  await inbox.waitFor({ subject: /x/, headers: { 'X-A': true }, where: ({ codes }) => codes.length > 0 });
  // @ts-expect-error -- unknown criterion
  await inbox.waitFor({ subjet: 'x' });
  // @ts-expect-error -- a timeout is a number
  await inbox.waitFor('x', { timeout: '1s' });
  const text = message.html?.querySelector('a')?.getAttribute('href');
  is<Same<typeof text, string | null | undefined>>();
  await inbox.rules.add({ on: 'mail', then: { reject: '451 4.7.1 later' }, times: 2 });
  // @ts-expect-error -- unknown stage
  await inbox.rules.add({ on: 'male', then: {} });

  expectVitest(message).toHaveSubject('x');
  expectVitest(message).not.toHaveCode();
  await expectVitest(inbox).not.toHaveReceived('subject:reset', { quietFor: 100 });
  expectVitest(message).toMatchMailSnapshot();
  expectJest(message).toHaveSubject(/x/);
  expectJest(message).toMatchMailSnapshot();
  expectPlaywright(message).toHaveLink({ kind: 'reset' });
  assertMail(message).toHaveAttachment('a.pdf');
  is<Same<ReturnType<ReturnType<typeof assertMail>['toPassChecks']>, Promise<void>>>();
  await expectVitest(message).toPassChecks({ failOn: 'error', ignore: ['spam'], clients: ['gmail.*'] });
  await expectJest(message).toPassChecks();
  await expectPlaywright(message).not.toPassChecks();
  // @ts-expect-error -- unknown severity
  await assertMail(message).toPassChecks({ failOn: 'bad' });
  is<Same<Awaited<ReturnType<Message['checks']>>['scores']['accessibility'], number | undefined>>();
  const subject = await withInbox(sandbox, 'sign-up', async (mine) => (await mine.waitFor()).subject);
  is<Same<typeof subject, string>>();
  // @ts-expect-error -- a subject is not a number
  expectVitest(message).toHaveSubject(1);

  testVitest('x', ({ inbox: mine, sandbox: shared }) => {
    is<Same<typeof mine, Inbox>>();
    is<Same<typeof shared, Sandbox>>();
  });
  testPlaywright('x', ({ inbox: mine, page }) => {
    is<Same<typeof mine, Inbox>>();
    void page;
  });
  await useSandbox().inbox({} as Parameters<ReturnType<typeof useSandbox>['inbox']>[0]);
  await mailTasks(() => undefined);
  const code: 'MAIL_TIMEOUT' = new MailTimeoutError({} as TimeoutReport).code;
  void code;
}
