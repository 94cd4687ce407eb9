/**
 * Converts between the JSON text of a rule and form fields. The text is authoritative: the form changes only the
 * properties that it shows, and leaves all other properties unchanged.
 */
import type { RuleInput } from '../../../contract/index.ts';
import { conditions, formOf, limitFields, textOfValue, valueOfText, type RuleField } from './rule-fields.ts';

/** An action of a rule with its parameter, a JSON value. */
export interface RuleAction {
  readonly name: string;
  readonly parameter: unknown;
}

export interface RuleStep {
  /** The actions of the step; `null` if the step is neither an object nor a text, so that the form cannot show it. */
  readonly actions: readonly RuleAction[] | null;
  /** The JSON of the step, which is written again unless the step is changed; absent for a new or changed step. */
  readonly source?: unknown;
}

export interface RuleFields {
  readonly name: string;
  readonly on: string;
  readonly when: readonly { readonly field: string; readonly value: string }[];
  /** The steps of the rule's script, or the only step of a rule without a script. */
  readonly steps: readonly RuleStep[];
  readonly isScript: boolean;
  /** The values of the limits, by the key of `limitFields`; a missing limit is undefined. */
  readonly limits: Readonly<Record<string, unknown>>;
}

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

/** The actions that a step can contain as a mere name, without a parameter. */
const SHORT = ['accept', 'disconnect', 'discard'];

/** Returns the actions of a step: of an object, or of the short form with one action or one reply. */
function actionsOf(step: unknown): RuleStep['actions'] {
  if (isObject(step)) return Object.entries(step).map(([name, parameter]) => ({ name, parameter }));
  if (typeof step !== 'string') return step === undefined ? [] : null;
  if (SHORT.includes(step)) return [{ name: step, parameter: true }];
  return [{ name: step.trim().startsWith('2') ? 'accept' : 'reject', parameter: step }];
}

/** Returns a step as JSON. In a script, a single reply or `accept` has its short form. */
function writtenStep({ actions, source }: RuleStep, isScript: boolean): unknown {
  if (source !== undefined || actions === null) return source;
  const [only, ...others] = actions;
  if (isScript && only !== undefined && others.length === 0) {
    const { name, parameter } = only;
    if (SHORT.includes(name) && parameter === true) return name;
    // A step is written as a reply text only if the text is read as the action `reject` again; with another text, the
    // server reports the error at `reject`.
    if (name === 'reject' && typeof parameter === 'string' && /^[45]\d\d/.test(parameter)) return parameter;
  }
  return Object.fromEntries(actions.map(({ name, parameter }) => [name, parameter]));
}

/** Returns the form fields for a rule's JSON text; `null` if the text is not a JSON object. */
export function fieldsOf(text: string): RuleFields | null {
  const rule = parse(text);
  if (rule === null) return null;
  const when = isObject(rule.when) ? Object.entries(rule.when) : [];
  const isScript = Array.isArray(rule.script);
  const steps: unknown[] = Array.isArray(rule.script) ? rule.script : [rule.then];
  return {
    name: textOfValue({ kind: 'text' }, rule.name),
    on: textOfValue({ kind: 'text' }, rule.on),
    when: when.map(([field, value]) => ({
      field,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    steps: steps.map((source) => ({ actions: actionsOf(source), source })),
    isScript,
    limits: Object.fromEntries(limitFields.map(({ key }) => [key, rule[key] ?? undefined])),
  };
}

/** The conditions whose value is not a string. */
const NOT_TEXTS = ['port', 'tls', 'nth', 'after', 'within', 'times', 'per', 'probability'];
function valueOfCondition(field: string, text: string): unknown {
  if (!NOT_TEXTS.includes(field)) return text;
  const isJson = /^([[{"]|-?\d+(\.\d+)?$|true$|false$)/.test(text.trim());
  return isJson ? valueOfText({ kind: 'json' }, text) : text;
}

function put(rule: Written, key: string, value: unknown): void {
  if (value === undefined || value === '') Reflect.deleteProperty(rule, key);
  else rule[key] = value;
}

function putSteps(rule: Written, steps: readonly RuleStep[], isScript: boolean): void {
  const written = steps.map((step) => writtenStep(step, isScript));
  Reflect.deleteProperty(rule, isScript ? 'then' : 'script');
  rule[isScript ? 'script' : 'then'] = isScript ? written : written[0];
}

/**
 * Returns the JSON text of the rule with the given form fields changed. All other properties keep their
 * values and their order.
 */
export function withFields(text: string, change: Partial<RuleFields>): string {
  const rule = parse(text);
  if (rule === null) return text;
  if (change.name !== undefined) put(rule, 'name', change.name);
  if (change.on !== undefined && change.on !== '') put(rule, 'on', change.on);
  if (change.when !== undefined) {
    const when = change.when.map(({ field, value }) => [field, valueOfCondition(field, value)]);
    put(rule, 'when', when.length === 0 ? undefined : Object.fromEntries(when));
  }
  for (const [key, value] of Object.entries(change.limits ?? {})) put(rule, key, value);
  if (change.steps !== undefined) putSteps(rule, change.steps, change.isScript ?? Array.isArray(rule.script));
  return JSON.stringify(rule, null, 2);
}

/** Returns the properties with one of them changed; the properties that contradict the new value are removed. */
export function withProperty(
  properties: Readonly<Record<string, unknown>>,
  { key, excludes }: RuleField,
  value: unknown,
): Record<string, unknown> {
  const changed = { ...properties, [key]: value };
  if (value !== undefined) for (const other of excludes) changed[other] = undefined;
  return changed;
}

/** Returns the properties of an action's parameter, by the keys of the action's fields. */
export function propertiesOf({ name, parameter }: RuleAction): Readonly<Record<string, unknown>> {
  const { main, isPlain } = formOf(name);
  if (!isPlain && isObject(parameter)) return parameter;
  return parameter === true || main === null ? {} : { [main]: parameter };
}

/** Returns the action with one property of its parameter changed. */
export function withParameter(action: RuleAction, field: RuleField, value: unknown): RuleAction {
  const { name } = action;
  const { main, isPlain } = formOf(name);
  const all = withProperty(propertiesOf(action), field, value);
  const given = Object.fromEntries(
    Object.entries(all).filter(([, one]) => one !== undefined && one !== false),
  );
  const keys = Object.keys(given);
  if (isPlain) return { name, parameter: all[field.key] ?? true };
  if (keys.length === 0) return { name, parameter: true };
  return { name, parameter: main !== null && keys.join() === main ? given[main] : given };
}

/** Returns a new action with the parameter that the form shows first. */
export const newAction = (name: string): RuleAction => ({ name, parameter: formOf(name).initial });

/** Returns a new condition with its example value. */
export const newCondition = (field: string): RuleFields['when'][number] => ({
  field,
  value: field in conditions ? conditions[field as keyof typeof conditions] : '',
});
