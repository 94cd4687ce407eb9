/** Whether a rule's conditions hold, and if not, which one fails. The counters are applied later. */
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

/** The conditions in the order of what they cost. */
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

/** The first condition but the query that does not hold; `null` when all do. Throws when one cannot be judged. */
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

/** Whether the rule's query, which may read the message, does not match. Rejects when that cannot be judged in time. */
export async function queryUnmet({ when: { query } }: Rule, { message }: Facts): Promise<Unmet | null> {
  if (query === undefined || (await message?.matches(query)) === true) return null;
  return unmet('when.query', message === null ? 'no message yet' : 'another message');
}
