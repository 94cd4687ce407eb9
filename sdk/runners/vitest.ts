/**
 * For Vitest: matchers for messages, waits that end before the test does, and a `test` with a sandbox for each
 * worker and an inbox for each test. Import it in a test, or name it in `setupFiles` for the matchers alone.
 */
import { afterEach, beforeEach, expect, Snapshots, test as base } from 'vitest';
import { beginBudget, endBudget } from '../budget.ts';
import type { Inbox } from '../inbox.ts';
import { matchers, type MailAssertions } from '../matchers.ts';
import type { Message } from '../message.ts';
import type { Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';
import { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';

export { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';

/** They answer what Jest's do: Vitest merges the assertions of both where a project has both. */
interface VitestMailAssertions extends MailAssertions {
  /** As the stored snapshot, where what changes by nature is masked. */
  toMatchMailSnapshot(options?: SnapshotOptions): void;
}

declare module 'vitest' {
  // Type parameters are left out, which merges with those of Vitest 4 and of 5: they differ, and all have defaults.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is merged with Vitest's
  interface Matchers extends VitestMailAssertions {}
}

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received: Message, options?: SnapshotOptions) {
    return Snapshots.toMatchSnapshot.call(this, mailSnapshot(received, options));
  },
});

beforeEach(({ task }) => beginBudget(task.timeout));
afterEach(endBudget);

export interface MailFixtures {
  /** How the sandbox is started or found; set it with `test.override` or `test.scoped`. */
  sandboxOptions: RunnerOptions;
  /** One for each worker. */
  sandbox: Sandbox;
  /** An address of the test's own; gone after it. */
  inbox: Inbox;
}

export const test = base.extend<MailFixtures>({
  sandboxOptions: [{}, { scope: 'worker' }],
  sandbox: [
    async ({ sandboxOptions }, use) => {
      await using sandbox = await openSandbox(sandboxOptions);
      await use(sandbox);
    },
    { scope: 'worker' },
  ],
  inbox: async ({ sandbox, task }, use) => {
    await using inbox = await sandbox.createInbox({ name: task.name });
    await use(inbox);
  },
});
