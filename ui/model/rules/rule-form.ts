/**
 * A rule as fields, over its JSON: the text is what counts. Fields show what they can of it and change only that; what
 * they cannot show (a script, several actions) stays as it is written.
 */
import type { RuleConditions, RuleInput } from '../../../contract/index.ts';

/** By field, with an example of what it takes. */
export const conditions = {
  rcpt: 'signup@*',
  from: '*@shop.test',
  user: 'app',
  helo: '*.example.test',
  ip: '10.0.0.0/8',
  port: '1025',
  tls: 'true',
  query: 'has:attachment larger:1MB',
} as const satisfies Record<keyof RuleConditions, string>;

/** By name, with what each begins with. */
export const actions = {
  reject: '451 4.7.1 Try later',
  delay: '3s',
  accept: true,
  discard: true,
  disconnect: 'before',
  tag: 'slow',
  throttle: '2KB/s',
  greylist: { delay: '10s' },
  quota: { messages: 10 },
  deliverTo: { accounts: ['qa@example.test'] },
  bounce: true,
  autoReply: { text: 'I am away.' },
  webhook: 'http://127.0.0.1:3000/mail',
  relay: true,
} as const satisfies Record<string, unknown>;

export interface RuleFields {
  readonly name: string;
  readonly on: string;
  readonly when: readonly { readonly field: string; readonly value: string }[];
  /** `null` where it is a script, or several. */
  readonly action: { readonly name: string; readonly value: string } | null;
  readonly times: string;
}

/** A value as one types it: a text as it is, `true` as nothing, all else as JSON. */
const typed = (value: unknown): string => {
  if (value === true || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What was typed as a value: JSON where it looks like it. */
function valueOf(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return true;
  if (!/^([[{"]|-?\d+(\.\d+)?$|true$|false$)/.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed) as unknown;
  } catch {
    return text;
  }
}

/** Conditions that are text whatever is typed. */
const TEXTS = ['rcpt', 'from', 'user', 'helo', 'ip', 'query'];
const valueOfCondition = (field: string, text: string): unknown =>
  TEXTS.includes(field) ? text : valueOf(text);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whatever somebody wrote, valid or not. */
type Written = Partial<Record<keyof RuleInput, unknown>> & Record<string, unknown>;

function parse(text: string): Written | null {
  try {
    const value = JSON.parse(text) as unknown;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function actionOf({ then, script }: Written): RuleFields['action'] {
  if (script !== undefined) return null;
  if (!isObject(then)) return then === undefined ? { name: '', value: '' } : null;
  const [only, ...others] = Object.entries(then);
  if (only === undefined) return { name: '', value: '' };
  return others.length > 0 ? null : { name: only[0], value: typed(only[1]) };
}

/** `null` for a text that is no JSON object. */
export function fieldsOf(text: string): RuleFields | null {
  const rule = parse(text);
  if (rule === null) return null;
  const when = isObject(rule.when) ? Object.entries(rule.when) : [];
  return {
    name: typed(rule.name),
    on: typed(rule.on),
    when: when.map(([field, value]) => ({
      field,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    action: actionOf(rule),
    times: typed(rule.times),
  };
}

/** The text with some fields changed; all else of it as it was, in its order. */
export function withFields(text: string, change: Partial<RuleFields>): string {
  const rule = parse(text);
  if (rule === null) return text;
  const put = (key: string, value: unknown): void => {
    if (value === undefined) Reflect.deleteProperty(rule, key);
    else rule[key] = value;
  };
  if (change.name !== undefined) put('name', change.name === '' ? undefined : change.name);
  if (change.on !== undefined && change.on !== '') put('on', change.on);
  if (change.times !== undefined) put('times', change.times === '' ? undefined : valueOf(change.times));
  if (change.when !== undefined) {
    const when = change.when.map(({ field, value }) => [field, valueOfCondition(field, value)]);
    put('when', when.length === 0 ? undefined : Object.fromEntries(when));
  }
  if (change.action != null && change.action.name !== '')
    put('then', { [change.action.name]: valueOf(change.action.value) });
  return JSON.stringify(rule, null, 2);
}

/** What the action begins with, as one would type it. */
export const beginningOf = (name: string): string =>
  typed(Object.hasOwn(actions, name) ? actions[name as keyof typeof actions] : true);
