/**
 * The integration with `node:test`: one sandbox for each file, one inbox for each test, and assertions on messages.
 */
import { AssertionError } from 'node:assert';
import { after, before, type TestContext } from 'node:test';
import type { Inbox } from '../inbox.ts';
import { matchers, type MailAssertions, type MatcherOutcome } from '../matchers.ts';
import type { Message } from '../message.ts';
import type { InboxWishes, Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';

export { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';
export type { RunnerOptions } from '../shared.ts';

export interface SandboxHandle {
  /** The sandbox, which is available while tests and hooks run. */
  readonly sandbox: Sandbox;
  /** Creates an inbox for the test, which is removed after the test. */
  inbox(context: TestContext, wishes?: InboxWishes): Promise<Inbox>;
}

/** Opens a sandbox before the tests of a file or suite and closes it after them. Call it outside of tests. */
export function useSandbox(options: RunnerOptions = {}): SandboxHandle {
  let opened: Sandbox | undefined;
  before(async () => {
    opened = await openSandbox(options);
  });
  after(() => opened?.close());
  return {
    get sandbox() {
      if (opened === undefined) throw new Error('The sandbox is opened when the first test begins');
      return opened;
    },
    async inbox(context, wishes) {
      const inbox = await this.sandbox.createInbox({ name: context.name, ...wishes });
      context.after(() => inbox.delete());
      return inbox;
    },
  };
}

/**
 * Returns the assertions on a message: `assertMail(message).toHaveSubject('Welcome')` throws an `AssertionError`
 * that contains the actual subject.
 */
export function assertMail(message: Message): MailAssertions {
  const check = (operator: string, { pass, message: explain, actual, expected }: MatcherOutcome): void => {
    if (!pass) throw new AssertionError({ message: explain(), actual, expected, operator });
  };
  return {
    toHaveSubject: (subject) => check('toHaveSubject', matchers.toHaveSubject(message, subject)),
    toBeFrom: (sender) => check('toBeFrom', matchers.toBeFrom(message, sender)),
    toBeSentTo: (recipient) => check('toBeSentTo', matchers.toBeSentTo(message, recipient)),
    toContainText: (text) => check('toContainText', matchers.toContainText(message, text)),
    toHaveLink: (link) => check('toHaveLink', matchers.toHaveLink(message, link)),
    toHaveCode: (code) => check('toHaveCode', matchers.toHaveCode(message, code)),
    toHaveAttachment: (name) => check('toHaveAttachment', matchers.toHaveAttachment(message, name)),
    toPassChecks: async (wishes) => check('toPassChecks', await matchers.toPassChecks(message, wishes)),
  };
}
