/**
 * Evaluates the conditions of a rule, and reports the first condition that is not met. The limits on how
 * often the rule fires are applied later.
 */
import type { Facts } from './facts.ts';
import type { Pattern } from './pattern.ts';
import type { Conditions, Rule } from './rule.ts';

/** An unmet condition of a rule. */
interface Unmet {
  /** The path of the rule's field that contains the condition. */
  readonly path: string;
  /** The actual value that did not meet the condition, as a text for the user. */
  readonly found: string;
}

type Check = (facts: Facts) => Unmet | null;

const unmet = (path: string, found: string): Unmet => ({ path, found });

function one(path: string, pattern: Pattern | undefined, value: string | null): Unmet | null {
  if (pattern === undefined || (value !== null && pattern.test(value))) return null;
  return unmet(path, value ?? 'none');
}

/** Returns the tests of the conditions of a rule, the cheapest first. */
function checks(when: Conditions): Check[] {
  return [
    ({ port }) => (when.port === undefined || when.port === port ? null : unmet('when.port', String(port))),
    ({ tls }) => (when.tls === undefined || when.tls === tls ? null : unmet('when.tls', String(tls))),
    ({ ip }) => one('when.ip', when.ip, ip),
    ({ helo }) => one('when.helo', when.helo, helo),
    ({ user }) => one('when.user', when.user, user),
    ({ from }) => one('when.from', when.from, from),
    ({ rcpt }) =>
      when.rcpt === undefined || rcpt.some((address) => when.rcpt?.test(address))
        ? null
        : unmet('when.rcpt', rcpt.join(', ') || 'none'),
  ];
}

const compiled = new WeakMap<Conditions, Check[]>();

/**
 * Returns the first unmet condition of a rule; the query is not evaluated. Returns `null` if all other
 * conditions are met. Throws if a pattern cannot be matched within the time limit.
 */
export function firstUnmet(rule: Rule, facts: Facts, now: number): Unmet | null {
  if (!rule.enabled) return unmet('enabled', 'false');
  if (rule.on !== facts.stage) return unmet('on', facts.stage);
  if (rule.expiresAt !== null && rule.expiresAt <= now) return unmet('expiresAt', 'expired');
  if (rule.account !== null && !facts.accounts.includes(rule.account)) {
    return unmet('account', facts.accounts.join(', ') || 'none');
  }
  let list = compiled.get(rule.when);
  if (list === undefined) compiled.set(rule.when, (list = checks(rule.when)));
  for (const check of list) {
    const failed = check(facts);
    if (failed !== null) return failed;
  }
  return null;
}

/**
 * Evaluates the query of a rule. Returns the query as an unmet condition if the message does not match it;
 * otherwise `null`. Rejects if the message cannot be parsed within the time limit.
 */
export async function queryUnmet({ when: { query } }: Rule, { message }: Facts): Promise<Unmet | null> {
  if (query === undefined || (await message?.matches(query)) === true) return null;
  return unmet('when.query', message === null ? 'no message yet' : 'a message that does not match');
}
