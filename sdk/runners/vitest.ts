/**
 * The Vitest integration: matchers for messages, waits that end before the timeout of the test, and a `test`
 * function with a sandbox for each worker and an inbox for each test. Import this module in a test, or list it in
 * `setupFiles` if only the matchers are needed.
 */
import { afterAll, afterEach, beforeEach, expect, Snapshots, test as base } from 'vitest';
import type { Inbox } from '../inbox.ts';
import type { InboxAssertions, MailAssertions } from '../matchers.ts';
import type { Message } from '../message.ts';
import type { Sandbox } from '../sandbox.ts';
import type { RunnerOptions } from '../shared.ts';
import type { SnapshotOptions } from '../snapshot.ts';
import {
  addLines,
  beginBudget,
  endBudget,
  Evidence,
  finishFile,
  mailSnapshot,
  matchers,
  openSandbox,
} from './core.ts';

export { mailSnapshot } from './core.ts';
export type { SnapshotOptions } from '../snapshot.ts';

/**
 * The assertions for Vitest. Their return types equal those of the Jest assertions, because TypeScript merges
 * both declarations if a project has both.
 */
interface VitestMailAssertions extends MailAssertions, InboxAssertions {
  /**
   * Asserts that the message equals the stored snapshot. Values that differ on every run, such as dates and ids,
   * are masked.
   */
  toMatchMailSnapshot(options?: SnapshotOptions): void;
}

declare module 'vitest' {
  // The interface has no type parameters: in this form, it merges with the declarations of Vitest 4 and of
  // Vitest 5, which differ.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged with the interface of Vitest
  interface Matchers extends VitestMailAssertions {}
}

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received: Message, options?: SnapshotOptions) {
    return Snapshots.toMatchSnapshot.call(this, mailSnapshot(received, options));
  },
});

const evidence = new WeakMap<object, Evidence>();

/** The time in which the mail of a failed test must be saved, with pictures, in milliseconds. */
const END = 120_000;
/** Whether the sandbox of this worker is starting. */
let isStarting = false;
/** The advice in the error of a test whose time ended before the sandbox had started. */
const STARTING =
  'The sandbox was still starting. Give its start a time limit of its own: ' +
  'test.beforeAll(({ sandbox }) => void sandbox, 60_000)';

beforeEach(({ task }) => {
  beginBudget(task.timeout);
  const { filepath, projectName = '' } = task.file;
  evidence.set(task, new Evidence({ file: filepath, name: `${projectName} ${task.fullTestName}`.trim() }));
});
afterEach(async ({ task }) => {
  endBudget();
  const errors = task.result?.errors ?? [];
  if (isStarting) for (const error of errors) addLines(error, [STARTING]);
  await evidence.get(task)?.end(errors);
}, END);
afterAll(finishFile);

export interface MailFixtures {
  /** The options of the sandbox. Set them with `test.override` or `test.scoped`. */
  sandboxOptions: RunnerOptions;
  /** The sandbox of the worker. */
  sandbox: Sandbox;
  /** A new inbox for the test, which is removed after the test. */
  inbox: Inbox;
}

export const test = base.extend<MailFixtures>({
  sandboxOptions: [{}, { scope: 'worker' }],
  sandbox: [
    async ({ sandboxOptions }, use) => {
      isStarting = true;
      const sandbox = await openSandbox(sandboxOptions).finally(() => {
        isStarting = false;
      });
      await use(sandbox);
      await sandbox.close();
    },
    { scope: 'worker' },
  ],
  inbox: async ({ sandbox, task }, use) => {
    const inbox = await sandbox.createInbox({ name: task.name });
    evidence.get(task)?.own(inbox);
    await use(inbox);
    await evidence.get(task)?.leave();
  },
});
