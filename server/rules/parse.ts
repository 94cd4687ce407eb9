/** Parses a rule from JSON. An invalid rule is refused with the path of each offending field. */
import { ALL, accountName, type AccountName } from '../store/ids.ts';
import { QueryError, type Query } from '../store/find/language/ast.ts';
import { parseQuery } from '../store/find/language/parse.ts';
import { parseReply } from '../smtp/reply.ts';
import type { BoundAction } from './action.ts';
import { actions } from './actions/index.ts';
import { Fields, isObject, type Json, type RuleProblem } from './fields.ts';
import {
  parseAddressPattern,
  parseHostPattern,
  parsePattern,
  PatternError,
  type Pattern,
} from './pattern.ts';
import { countKeys, type Conditions, type Rule } from './rule.ts';
import { stages, type Stage } from '../../contract/names.ts';

/** The default values of a rule's fields; they are used for the fields that the rule does not contain. */
interface RuleDefaults {
  readonly id: string;
  readonly seed: number;
  /** The current time in milliseconds since the epoch. */
  readonly now: number;
}

/** The maximum number of steps of a rule's script. A longer script is a mistake or an attack. */
const MAX_STEPS = 1000;
/**
 * The stages at which neither the sender nor the recipients are known, which means that no account is known
 * either.
 */
const BEFORE_ACCOUNTS: readonly Stage[] = ['connect', 'helo', 'starttls'];
const WITH_MESSAGE: readonly Stage[] = ['data', 'stored'];

export function parseRule(json: unknown, defaults: RuleDefaults): Rule | RuleProblem[] {
  if (!isObject(json)) return [{ path: '', message: 'must be an object' }];
  const problems: RuleProblem[] = [];
  const fields = new Fields(json, '', problems);
  const id = fields.text('id') ?? defaults.id;
  const name = fields.text('name') ?? id;
  const on = fields.read('on', oneOf(stages), `must be one of ${stages.join(', ')}`);
  if (!fields.has('on')) fields.problem('on', `is missing: set it to one of ${stages.join(', ')}`);
  const counting = parseCounting(json, fields, problems);
  const seed = fields.integer('seed', 0, 2 ** 32 - 1) ?? defaults.seed;
  const rule = {
    id,
    name,
    enabled: fields.boolean('enabled') ?? true,
    account: parseAccount(fields, on),
    on: on ?? 'rcpt',
    when: parseConditions(json['when'], fields, on, problems),
    ...counting,
    seed,
    ...parseExpiry(fields, defaults.now),
    ...parseSteps(fields, on, problems),
  };
  // The fields that the API adds to the rules that it returns. These fields are accepted (and ignored), so that
  // a returned rule can be sent back unchanged.
  for (const shown of ['createdAt', 'hits', 'lastHitAt', 'failure']) fields.raw(shown);
  fields.read('description', (value) => (typeof value === 'string' ? value : null), 'must be a text');
  fields.refuseOthers('a rule');
  if (problems.length > 0) return problems;
  return { ...rule, definition: definitionOf(json, { id, name, seed, expiresAt: rule.expiresAt }) };
}

/**
 * Returns the definition of a rule as the author gave it, with default values filled in. A lifetime is
 * converted to an expiry time, so that a restart of the server does not prolong it.
 */
function definitionOf(
  json: Json,
  known: { id: string; name: string; seed: number; expiresAt: number | null },
): Rule['definition'] {
  const derived = new Set(['hits', 'lastHitAt', 'failure', 'expiresIn', 'expiresAt', 'seed']);
  const kept = Object.fromEntries(Object.entries(json).filter(([name]) => !derived.has(name)));
  const random =
    json['probability'] !== undefined ||
    (isObject(json['when']) && json['when']['probability'] !== undefined);
  return {
    ...kept,
    id: known.id,
    name: known.name,
    ...(random ? { seed: known.seed } : {}),
    ...(known.expiresAt === null ? {} : { expiresAt: new Date(known.expiresAt).toISOString() }),
  };
}

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (value: unknown): T | null =>
    values.find((known) => known === value) ?? null;

function parseAccount(fields: Fields, on: Stage | undefined): AccountName | null {
  const account = fields.text('account');
  if (account === undefined || accountName(account) === ALL) return null;
  if (on !== undefined && BEFORE_ACCOUNTS.includes(on)) {
    fields.problem('account', `is not known at the stage ${on}: use when.ip or when.helo, or a later stage`);
  }
  return accountName(account);
}

/** The fields that limit how often a rule fires. They may be in the rule itself or in its field `when`. */
const COUNTING = ['nth', 'after', 'within', 'times', 'per', 'probability'];

function parseCounting(
  json: Json,
  fields: Fields,
  problems: RuleProblem[],
): Pick<Rule, 'nth' | 'after' | 'within' | 'times' | 'per' | 'probability'> {
  const within = isObject(json['when']) ? new Fields(json['when'], 'when', problems) : fields;
  const of = (name: string): Fields => (within.has(name) ? within : fields);
  for (const name of COUNTING) fields.raw(name);
  const positive = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
  const nth = of('nth').read(
    'nth',
    (value) => {
      const list: unknown[] = Array.isArray(value) ? value : [value];
      return list.length > 0 && list.every(positive) ? (list as number[]) : null;
    },
    'must be a whole number from 1, or a list of them',
  );
  const chance = (value: unknown): number | null =>
    typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
  return {
    nth: nth ?? null,
    after: of('after').integer('after', 0, 1_000_000) ?? 0,
    within: of('within').duration('within') ?? null,
    times: of('times').integer('times', 1, 1_000_000) ?? null,
    per: of('per').read('per', oneOf(countKeys), `must be one of ${countKeys.join(', ')}`) ?? 'rule',
    probability: of('probability').read('probability', chance, 'must be a number from 0 to 1') ?? 1,
  };
}

function parseExpiry(fields: Fields, now: number): Pick<Rule, 'expiresAt' | 'lifetime'> {
  const at = fields.read(
    'expiresAt',
    (value) => {
      const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN;
      return Number.isFinite(instant) ? instant : null;
    },
    'must be an instant, as in 2026-11-23T10:00:00Z',
  );
  const lifetime = fields.duration('expiresIn');
  if (at !== undefined) return { expiresAt: at, lifetime: null };
  return lifetime === undefined
    ? { expiresAt: null, lifetime: null }
    : { expiresAt: now + lifetime, lifetime };
}

function parseConditions(
  value: unknown,
  fields: Fields,
  on: Stage | undefined,
  problems: RuleProblem[],
): Conditions {
  fields.raw('when');
  if (value === undefined || value === null) return {};
  if (!isObject(value)) {
    fields.problem('when', 'must be an object');
    return {};
  }
  const when = new Fields(value, 'when', problems);
  const pattern = (
    name: string,
    parse: (source: string) => Pattern = parsePattern,
  ): Partial<Record<string, Pattern>> => {
    const source = when.text(name);
    if (source === undefined) return {};
    try {
      return { [name]: parse(source) };
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      when.problem(name, error.message);
      return {};
    }
  };
  const port = when.integer('port', 0, 65_535);
  const tls = when.boolean('tls');
  const conditions = {
    ...pattern('ip', parseHostPattern),
    ...pattern('helo'),
    ...pattern('user', parseAddressPattern),
    ...pattern('from', parseAddressPattern),
    ...pattern('rcpt', parseAddressPattern),
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
    ...parseQueryOf(when, on),
  };
  for (const name of COUNTING) when.raw(name);
  when.refuseOthers('when');
  return conditions;
}

function parseQueryOf(when: Fields, on: Stage | undefined): { query?: Query } {
  const text = when.text('query');
  if (text === undefined) return {};
  if (on !== undefined && !WITH_MESSAGE.includes(on)) {
    when.problem('query', `needs a message: use the stage data or stored, not ${on}`);
    return {};
  }
  try {
    return { query: parseQuery(text) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    when.problem('query', `${error.message} (at ${error.position})`);
    return {};
  }
}

function parseSteps(
  fields: Fields,
  on: Stage | undefined,
  problems: RuleProblem[],
): Pick<Rule, 'steps' | 'scripted'> {
  const then = fields.raw('then');
  const script = fields.raw('script');
  if (then !== undefined && script !== undefined)
    fields.problem('script', 'cannot be used together with then: remove one of them');
  if (then === undefined && script === undefined)
    fields.problem('then', 'is missing: name the action, for example "reject": "550"');
  if (script === undefined) {
    return { steps: then === undefined ? [] : [parseActions(then, 'then', on, problems)], scripted: false };
  }
  if (!Array.isArray(script) || script.length === 0 || script.length > MAX_STEPS) {
    fields.problem('script', `must be a list of 1 to ${MAX_STEPS} steps`);
    return { steps: [], scripted: true };
  }
  const steps = script.map((step: unknown, index) => parseActions(step, `script[${index}]`, on, problems));
  return { steps, scripted: true };
}

/**
 * Parses the actions of a rule: an object with actions by name, or the short form of one action (a reply,
 * `accept`, `disconnect` or `discard`).
 */
function parseActions(
  value: unknown,
  path: string,
  on: Stage | undefined,
  problems: RuleProblem[],
): BoundAction[] {
  if (typeof value === 'string') {
    const short = shortForm(value);
    if (short !== null) return parseActions(short, path, on, problems);
  }
  if (!isObject(value) || Object.keys(value).length === 0) {
    const names = [...actions.keys()].join(', ');
    problems.push({
      path,
      message: `must be a reply such as "451 4.7.1 Try later", or an object of: ${names}`,
    });
    return [];
  }
  for (const name of Object.keys(value)) {
    if (!actions.has(name)) {
      problems.push({
        path: `${path}.${name}`,
        message: `is not an action; the known actions are: ${[...actions.keys()].join(', ')}`,
      });
    }
  }
  const bound: BoundAction[] = [];
  // The actions are performed in the order of this table (delays first, the actions that decide the reply
  // last), not in the order in which the rule lists them.
  for (const [name, action] of actions) {
    if (!Object.hasOwn(value, name)) continue;
    if (on !== undefined && !action.stages.includes(on)) {
      const where = `can be used at ${action.stages.join(', ')}, not at ${on}`;
      problems.push({ path: `${path}.${name}`, message: where });
      continue;
    }
    const result = action.bind(value[name]);
    if (!('problems' in result)) bound.push(result);
    else {
      for (const { path: field, message } of result.problems) {
        problems.push({ path: [path, name, field].filter(Boolean).join('.'), message });
      }
    }
  }
  return bound;
}

function shortForm(text: string): Json | null {
  if (text === 'accept' || text === 'disconnect' || text === 'discard') return { [text]: true };
  const reply = parseReply(text);
  if (reply === null) return null;
  return reply.code < 400 ? { accept: text } : { reject: text };
}
