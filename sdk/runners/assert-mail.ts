/** The assertions on a message, for test runners that have no matchers of their own. */
import { AssertionError } from 'node:assert';
import { matchers, type MailAssertions, type MatcherOutcome } from '../matchers.ts';
import type { Message } from '../message.ts';

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
