/**
 * The Jest integration: matchers for messages, and waits that end before the timeout of
 * the test. List this module in `setupFilesAfterEnv`, or import it in a test.
 */
import { afterEach, beforeEach, expect } from '@jest/globals';
import type { InboxAssertions, MailAssertions, MatcherOutcome } from '../matchers.ts';
import type { Message } from '../message.ts';
import type { SnapshotOptions } from '../snapshot.ts';
import { beginBudget, endBudget, mailSnapshot, matchers } from './core.ts';

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

// `expect` of @jest/globals and the global `expect` of @types/jest have separate declarations.
declare module 'expect' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is merged with Jest's
  interface Matchers<R> extends JestMailAssertions<R> {}
}
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- as @types/jest declares it
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- it is merged with Jest's
    interface Matchers<R> extends JestMailAssertions<R> {}
  }
}

expect.extend({
  ...matchers,
  toMatchMailSnapshot(received: unknown, options?: SnapshotOptions): MatcherOutcome {
    // The matcher of Jest throws an error with a diff, and counts the snapshots.
    expect(mailSnapshot(received as Message, options)).toMatchSnapshot();
    return { pass: true, message: () => 'A snapshot cannot be negated' };
  },
});

/** The global symbol under which Jest stores the value of `testTimeout` and `jest.setTimeout`. */
const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');
const DEFAULT_TIMEOUT = 5_000;

beforeEach(() => {
  beginBudget((globalThis as unknown as Record<symbol, number | undefined>)[TIMEOUT] ?? DEFAULT_TIMEOUT);
});
afterEach(endBudget);
