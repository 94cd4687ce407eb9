/**
 * Evaluates the conditions of a rule, and reports the first one that does not hold. The counters are applied
 * later.
 */
import type { Facts } from './facts.ts';
import type { Pattern } from './pattern.ts';
import type { Conditions, Rule } from './rule.ts';

/** A condition that does not hold. */
interface Unmet {
  /** The name of the field of the rule, as a path. */
  readonly path: string;
  /** The actual value, as a text for the user. */
  readonly found: string;
}

type Check = (facts: Facts) => Unmet | null;

const unmet = (path: string, found: string): Unmet => ({ path, found });

function one(path: string, pattern: Pattern | undefined, value: string | null): Unmet | null {
  if (pattern === undefined || (value !== null && pattern.test(value))) return null;
  return unmet(path, value ?? 'none');
}

/** Returns the tests of the conditions, the cheapest first. */
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
 * Returns the first condition that does not hold, except the query; `null` if all hold. Throws if a pattern cannot
 * be matched in time.
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
 * Returns the rule's query as an unmet condition if the message does not match it, else `null`. Rejects if the
 * message cannot be parsed in time.
 */
export async function queryUnmet({ when: { query } }: Rule, { message }: Facts): Promise<Unmet | null> {
  if (query === undefined || (await message?.matches(query)) === true) return null;
  return unmet('when.query', message === null ? 'no message yet' : 'a message that does not match');
}
