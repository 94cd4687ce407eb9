/**
 * The assertions on messages and inboxes, which are the same for every test runner. A failed assertion
 * reports the actual value in the message. A text must equal the whole value; for bodies, links and file
 * names, the value must contain the text. A regular expression may match any part of the value.
 */
import { describeFinding, failing, type CheckWishes } from './checks.ts';
import type { Wanted } from './criteria.ts';
import type { Inbox, NoneOptions } from './inbox.ts';
import { describeMatcher, isMatch, isRegExp, type Matcher } from './matcher.ts';
import type { Message } from './message.ts';
import { codesFor, linksFor, type LinkChoice } from './picks.ts';
import { MailTimeoutError, UnexpectedMailError } from './wait-errors.ts';

export interface MatcherOutcome {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** The assertions of `expect(message)`. @typeParam R the return type of an assertion */
export interface MailAssertions<R = void> {
  /** Asserts that the message has this subject. A text must equal the whole subject. */
  toHaveSubject(subject: Matcher): R;
  /** Asserts that the message is from this sender: an address or a display name, in the header or the envelope. */
  toBeFrom(sender: Matcher): R;
  /** Asserts that the message has this recipient: an address or a display name, in the header or the envelope. */
  toBeSentTo(recipient: Matcher): R;
  /**
   * Asserts that the text body or the text of the HTML contains this text. Each run of white space counts as one
   * space.
   */
  toContainText(text: Matcher): R;
  /**
   * Asserts that the message has a link whose URL contains the text, or a link that matches the `LinkChoice`; any link
   * if the argument is absent.
   */
  toHaveLink(link?: Matcher | LinkChoice): R;
  /** Asserts that the message has this code, or any code if the argument is absent. */
  toHaveCode(code?: Matcher): R;
  /**
   * Asserts that the message has an attachment whose file name contains the text, or any attachment if the argument
   * is absent.
   */
  toHaveAttachment(name?: Matcher): R;
  /**
   * Asserts that no check has a finding with the severity `failOn` (by default `warning`) or a higher
   * severity. Await the result.
   */
  toPassChecks(wishes?: CheckWishes): Promise<void>;
}

/** The assertions on an inbox: `expect(inbox)`. */
export interface InboxAssertions {
  /**
   * Waits for a matching message as `inbox.waitFor` does. With `.not`, asserts that no message matches, as
   * `inbox.waitForNone` does. Await the result.
   */
  toHaveReceived(wanted?: Wanted, options?: NoneOptions): Promise<void>;
}

/** The properties of the test runner's matcher context that the assertions use. */
export interface MatcherContext {
  readonly isNot?: boolean;
}

const folded = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * Returns whether a matcher matches the whole value. A text must equal the value, without regard to letter
 * case.
 */
const isWhole = (wanted: Matcher, value: string): boolean =>
  typeof wanted === 'string' ? wanted.toLowerCase() === value.toLowerCase() : isMatch(wanted, value);

const people = (list: Message['from'], envelope: readonly string[]): string[] => [
  ...list.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)),
  ...envelope.filter((address) => list.every((other) => other.address !== address)),
];

const isPerson = (wanted: Matcher, person: string): boolean => {
  const [, name = '', address = person] = /^(.*) <(.*)>$/.exec(person) ?? [];
  return [person, name, address].some((value) => value !== '' && isWhole(wanted, value));
};

function outcome(pass: boolean, what: string, has: readonly string[], expected: unknown): MatcherOutcome {
  const message = (): string => {
    const values = has.length === 0 ? 'nothing' : has.map((value) => JSON.stringify(value)).join(', ');
    return `Expected the message ${pass ? 'not ' : ''}${what}; it has ${values}`;
  };
  return { pass, message, actual: has, expected };
}

/**
 * Returns the value as a message. Throws a `TypeError` if it is not a message, for example a promise that was not
 * awaited.
 */
function asMessage(received: unknown): Message {
  const isObject = typeof received === 'object' && received !== null;
  if (isObject && 'envelope' in received && 'headers' in received) return received as Message;
  const help = isObject && 'then' in received ? ': await the wait first' : '';
  throw new TypeError(`The value given to expect() is not a message${help}`);
}

/** Returns the value as an inbox. Throws a `TypeError` if it is not an inbox. */
function asInbox(received: unknown): Inbox {
  if (typeof received === 'object' && received !== null && 'waitForNone' in received)
    return received as Inbox;
  throw new TypeError('The value given to expect() is not an inbox');
}

export const matchers = {
  toHaveSubject(received: unknown, wanted: Matcher): MatcherOutcome {
    const { subject } = asMessage(received);
    return outcome(
      typeof wanted === 'string' ? subject === wanted : isMatch(wanted, subject),
      `to have the subject ${describeMatcher(wanted)}`,
      [subject],
      wanted,
    );
  },

  toBeFrom(received: unknown, wanted: Matcher): MatcherOutcome {
    const { from, envelope } = asMessage(received);
    const has = people(from, [envelope.from]);
    return outcome(
      has.some((person) => isPerson(wanted, person)),
      `to be from ${describeMatcher(wanted)}`,
      has,
      wanted,
    );
  },

  toBeSentTo(received: unknown, wanted: Matcher): MatcherOutcome {
    const { to, cc, bcc, envelope } = asMessage(received);
    const has = people([...to, ...cc, ...bcc], envelope.to);
    return outcome(
      has.some((person) => isPerson(wanted, person)),
      `to be sent to ${describeMatcher(wanted)}`,
      has,
      wanted,
    );
  },

  toContainText(received: unknown, wanted: Matcher): MatcherOutcome {
    const { text, html } = asMessage(received);
    const has = [text, html?.text].filter((value) => typeof value === 'string').map(folded);
    const holds = (value: string): boolean =>
      typeof wanted === 'string' ? value.includes(folded(wanted)) : isMatch(wanted, value);
    return outcome(has.some(holds), `to contain ${describeMatcher(wanted)}`, has, wanted);
  },

  toHaveLink(received: unknown, wanted: Matcher | LinkChoice = {}): MatcherOutcome {
    const { links } = asMessage(received);
    const isChoice = typeof wanted === 'object' && !isRegExp(wanted);
    const choice = isChoice ? wanted : { href: wanted };
    const which = Object.entries(choice).map(([name, wish]) => `${name} ${describeMatcher(wish as Matcher)}`);
    const what = which.length === 0 ? 'to have a link' : `to have a link with ${which.join(', ')}`;
    const has = links.map(({ kind, text, href }) => `${kind} ${folded(text)} ${href}`);
    return outcome(linksFor(links, choice).length > 0, what, has, wanted);
  },

  toHaveCode(received: unknown, wanted?: Matcher): MatcherOutcome {
    const { codes } = asMessage(received);
    const has = codes.map(({ value }) => value);
    const pass = codesFor(codes, {}).some(({ value }) => wanted === undefined || isWhole(wanted, value));
    return outcome(
      pass,
      wanted === undefined ? 'to have a code' : `to have the code ${describeMatcher(wanted)}`,
      has,
      wanted,
    );
  },

  toHaveAttachment(received: unknown, wanted?: Matcher): MatcherOutcome {
    const { attachments } = asMessage(received);
    const has = attachments.map(({ filename, type }) => filename ?? type);
    const pass = has.some((name) => wanted === undefined || isMatch(wanted, name));
    const what =
      wanted === undefined ? 'to have an attachment' : `to have an attachment ${describeMatcher(wanted)}`;
    return outcome(pass, what, has, wanted);
  },

  async toPassChecks(received: unknown, wishes: CheckWishes = {}): Promise<MatcherOutcome> {
    const { findings } = await asMessage(received).checks(wishes);
    const bad = failing(findings, wishes).map(describeFinding);
    const message = (): string =>
      bad.length === 0
        ? 'Expected the message not to pass the checks; no finding is severe enough'
        : `Expected the message to pass the checks; ${bad.length} of their findings are too severe:\n\n${bad.join('\n')}`;
    return { pass: bad.length === 0, message, actual: bad, expected: [] };
  },

  async toHaveReceived(
    this: MatcherContext | undefined,
    received: unknown,
    wanted?: Wanted,
    { quietFor, ...options }: NoneOptions = {},
  ): Promise<MatcherOutcome> {
    const inbox = asInbox(received);
    const isNot = this?.isNot === true;
    try {
      if (isNot) await inbox.waitForNone(wanted, { ...options, ...(quietFor !== undefined && { quietFor }) });
      else await inbox.waitFor(wanted, options);
      return { pass: !isNot, message: () => 'The inbox has received a match' };
    } catch (error) {
      // The texts of `MailTimeoutError` and `UnexpectedMailError` list the criteria and the mail that arrived,
      // so the text becomes the message of the failed assertion.
      if (error instanceof MailTimeoutError || error instanceof UnexpectedMailError) {
        return { pass: isNot, message: () => error.message };
      }
      throw error;
    }
  },
};
