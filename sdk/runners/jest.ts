/**
 * The Jest integration: matchers for messages, and waits that end before the timeout of
 * the test. List this module in `setupFilesAfterEnv`, or import it in a test.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test as base } from '@jest/globals';
import type { Inbox } from '../inbox.ts';
import type { InboxAssertions, MailAssertions, MatcherOutcome } from '../matchers.ts';
import type { Message } from '../message.ts';
import type { Sandbox } from '../sandbox.ts';
import type { SnapshotOptions } from '../snapshot.ts';
import { beginBudget, endBudget, Evidence, finishFile, mailSnapshot, matchers, openSandbox } from './core.ts';

export { mailSnapshot, openSandbox } from './core.ts';
export type { RunnerOptions } from '../shared.ts';
export type { SnapshotOptions } from '../snapshot.ts';

interface JestMailAssertions<R> extends MailAssertions<R>, InboxAssertions {
  /**
   * Asserts that the message equals the stored snapshot. Values that differ on every run, such as dates and ids,
   * are masked.
   */
  toMatchMailSnapshot(options?: SnapshotOptions): R;
}

// The matchers are declared twice, because the `expect` of @jest/globals and the global `expect` of @types/jest
// have separate types.
declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged with the interface of Jest
  interface Matchers<R> extends JestMailAssertions<R> {}
}
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- @types/jest declares the same namespace
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- merged with the interface of Jest
    interface Matchers<R> extends JestMailAssertions<R> {}
  }
}

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received: unknown, options?: SnapshotOptions): MatcherOutcome {
    // Jest's own snapshot matcher is called because it throws an error with a diff and counts the snapshots.
    expect(mailSnapshot(received as Message, options)).toMatchSnapshot();
    return { pass: true, message: () => 'A snapshot cannot be negated' };
  },
});

/** The global symbol under which Jest stores the value of `testTimeout` and `jest.setTimeout`. */
const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');
const DEFAULT_TIMEOUT = 5_000;

/** The part of the state of jest-circus, the runner of Jest, that describes the running test. */
interface CircusState {
  readonly currentlyRunningTest: { readonly errors: readonly unknown[] } | null;
}

/** Returns the errors of the running test. jest-circus stores its state under a symbol of the global object. */
function errorsOfTest(): unknown[] {
  const symbol = Object.getOwnPropertySymbols(globalThis).find(
    ({ description }) => description === 'JEST_STATE_SYMBOL',
  );
  if (symbol === undefined) return [];
  const state = (globalThis as unknown as Record<symbol, CircusState>)[symbol];
  // jest-circus stores an error in a pair with a second error, which contains the position of the test.
  return (state?.currentlyRunningTest?.errors ?? []).flatMap(
    (error) => (Array.isArray(error) ? error[0] : error) as unknown,
  );
}

let evidence: Evidence | null = null;

/** The time in which the mail of a failed test must be saved, with pictures, in milliseconds. */
const END = 120_000;

beforeEach(() => {
  beginBudget((globalThis as unknown as Record<symbol, number | undefined>)[TIMEOUT] ?? DEFAULT_TIMEOUT);
  const { testPath: file, currentTestName: name = 'test' } = expect.getState();
  evidence = new Evidence({ file, name });
});
afterEach(async () => {
  endBudget();
  await evidence?.end(errorsOfTest());
  await evidence?.leave();
}, END);
afterAll(finishFile);

/**
 * The sandbox of the test file. It is opened before the first test that uses the fixtures `sandbox` and
 * `inbox`.
 */
let opening: Promise<Sandbox> | null = null;
afterAll(async () => {
  const sandbox = await opening?.catch(() => null);
  await sandbox?.close();
});

export interface MailFixtures {
  /** The sandbox of the test file. */
  readonly sandbox: Sandbox;
  /** A new inbox for the test, which is removed after the test. */
  readonly inbox: Inbox;
}

type TestWithMail = (name: string, run: (fixtures: MailFixtures) => unknown, timeout?: number) => void;

/**
 * The time that a sandbox may take to start, in milliseconds; it does not count towards the timeouts of the
 * tests.
 */
const START = 60_000;

const withMail =
  (declare: (name: string, run: () => Promise<void>, timeout?: number) => void): TestWithMail =>
  (name, run, timeout) => {
    // The sandbox starts in a hook, because the time of a hook does not count towards the timeout of the first
    // test. It starts only in files whose tests use the sandbox.
    beforeAll(async () => {
      await (opening ??= openSandbox());
    }, START);
    declare(
      name,
      async () => {
        const sandbox = await (opening ??= openSandbox());
        const inbox = await sandbox.createInbox({ name });
        evidence?.own(inbox);
        await run({ sandbox, inbox });
      },
      timeout,
    );
  };

/** Declares a test that receives `{ sandbox, inbox }`. */
export const test: TestWithMail & { readonly only: TestWithMail; readonly skip: TestWithMail } =
  Object.assign(withMail(base), { only: withMail(base.only), skip: withMail(base.skip) });
