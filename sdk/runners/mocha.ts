/**
 * The integration with Mocha: one sandbox for each file or suite, one inbox for each test, waits that end before the
 * timeout of the test, and assertions on messages.
 */
import { beginBudget, endBudget } from '../budget.ts';
import type { Inbox } from '../inbox.ts';
import type { InboxWishes, Sandbox } from '../sandbox.ts';
import { openSandbox, type RunnerOptions } from '../shared.ts';
import { Evidence, finishFile } from './evidence.ts';

export { assertMail } from './assert-mail.ts';
export { mailSnapshot, type SnapshotOptions } from '../snapshot.ts';
export type { RunnerOptions } from '../shared.ts';

export interface SandboxHandle {
  /** The sandbox, which is available while tests and hooks run. */
  readonly sandbox: Sandbox;
  /** Creates an inbox for the running test, which is removed after the test. */
  inbox(wishes?: InboxWishes): Promise<Inbox>;
}

/** The part of the context of a Mocha hook that this module uses. */
interface Context {
  timeout(milliseconds?: number): number;
  readonly currentTest?: {
    fullTitle(): string;
    timeout(): number;
    readonly title: string;
    readonly file?: string;
    readonly err?: Error;
  };
}

type Hook = (run: (this: Context) => Promise<void> | void) => void;
type Hooks = Record<'before' | 'after' | 'beforeEach' | 'afterEach', Hook>;

/**
 * The time that a sandbox may take to start, in milliseconds; it does not count towards the timeouts of the
 * tests.
 */
const START = 60_000;

/** The time in which the mail of a failed test must be saved, with pictures, in milliseconds. */
const END = 120_000;

/** Opens a sandbox before the tests of a file or suite and closes it after them. Call it outside of tests. */
export function useSandbox(options: RunnerOptions = {}): SandboxHandle {
  const { before, after, beforeEach, afterEach } = globalThis as unknown as Partial<Hooks>;
  if (!before || !after || !beforeEach || !afterEach) {
    throw new Error('useSandbox() of restante/mocha needs the hooks of Mocha: run the file with mocha');
  }
  let opened: Sandbox | undefined;
  let evidence: Evidence | undefined;
  let title = 'test';
  before(async function () {
    this.timeout(START);
    opened = await openSandbox(options);
  });
  after(() => {
    finishFile();
    return opened?.close();
  });
  beforeEach(function () {
    const test = this.currentTest;
    title = test?.title ?? 'test';
    beginBudget(test?.timeout() ?? 0);
    evidence = new Evidence({ file: test?.file, name: test?.fullTitle() ?? title });
  });
  afterEach(async function () {
    this.timeout(END);
    endBudget();
    const error = this.currentTest?.err;
    await evidence?.end(error === undefined ? [] : [error]);
    await evidence?.leave();
  });
  const handle: SandboxHandle = {
    get sandbox() {
      if (opened === undefined) throw new Error('The sandbox is opened when the first test begins');
      return opened;
    },
    async inbox(wishes) {
      const inbox = await handle.sandbox.createInbox({ name: title, ...wishes });
      evidence?.own(inbox);
      return inbox;
    },
  };
  return handle;
}
