/**
 * Converts between the JSON text of a rule and form fields. The text is authoritative: the form changes only
 * the properties that it shows, and leaves all others (a script, several actions) unchanged.
 */
import type { RuleConditions, RuleInput } from '../../../contract/index.ts';

/** The conditions of a rule that the form offers, each with an example value. */
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

/** The actions of a rule that the form offers, each with its initial value. */
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
  /** The action of the rule; `null` for a rule with a script or with several actions. */
  readonly action: { readonly name: string; readonly value: string } | null;
  /** The steps of the rule's script, if each step is a reply or `accept`; otherwise `null`. */
  readonly script: readonly string[] | null;
  readonly times: string;
}

/**
 * Returns a value as the text of a form field: a string unchanged, `true` as an empty text, any other value as JSON.
 */
const typed = (value: unknown): string => {
  if (value === true || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/**
 * Returns the value of a form field's text: parsed as JSON if the text looks like JSON, otherwise the text itself.
 */
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

/** The conditions whose value is always a string. */
const TEXTS = ['rcpt', 'from', 'user', 'helo', 'ip', 'query'];
const valueOfCondition = (field: string, text: string): unknown =>
  TEXTS.includes(field) ? text : valueOf(text);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A JSON object that the user wrote; it may be an invalid rule. */
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

/** Returns the steps of a rule's script if every step is a reply text, as the form can show them; otherwise `null`. */
function scriptOf({ script }: Written): readonly string[] | null {
  if (!Array.isArray(script)) return null;
  const steps: readonly unknown[] = script;
  return steps.every((step) => typeof step === 'string') ? steps : null;
}

/** Returns the form fields for a rule's JSON text; `null` if the text is not a JSON object. */
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
    script: scriptOf(rule),
    times: typed(rule.times),
  };
}

/**
 * Returns the JSON text of the rule with the given form fields changed. All other properties keep their
 * values and their order.
 */
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
  if (change.script != null) put('script', change.script);
  if (change.action != null && change.action.name !== '')
    put('then', { [change.action.name]: valueOf(change.action.value) });
  return JSON.stringify(rule, null, 2);
}

/** Returns the initial value of an action as the text of a form field. */
export const beginningOf = (name: string): string =>
  typed(Object.hasOwn(actions, name) ? actions[name as keyof typeof actions] : true);
