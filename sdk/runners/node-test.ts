/**
 * The integration with `node:test`: one sandbox for each file, one inbox for each test, and assertions on messages.
 */
import { after, before, type TestContext } from 'node:test';
import type { Inbox } from '../inbox.ts';
import type { InboxWishes, Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';
import { Evidence } from './evidence.ts';

export { assertMail } from './assert-mail.ts';
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
      const evidence = new Evidence({ file: fileOf(context), name: context.fullName });
      const inbox = await this.sandbox.createInbox({ name: context.name, ...wishes });
      evidence.own(inbox);
      context.after(async () => {
        const { error } = context as { error?: Error | null };
        await evidence.end(error == null ? [] : [error.cause ?? error]);
        await evidence.leave();
      });
      return inbox;
    },
  };
}

/** Returns the file of a test: Node 20 does not report the file, but starts a process for each file. */
const fileOf = (context: object): string | undefined =>
  (context as { readonly filePath?: string }).filePath ?? process.argv[1];
