/** Templates for new rules, and short descriptions of rules. */
import type { Rule, RuleInput } from '../../../contract/index.ts';
import { strings as s } from '../../strings.ts';

export const ruleTemplates: readonly { readonly name: string; readonly rule: RuleInput }[] = [
  {
    name: s.rules.templateNames.refuse,
    rule: {
      name: 'unknown user',
      on: 'rcpt',
      when: { rcpt: 'nobody@*' },
      then: { reject: '550 5.1.1 No such user here' },
    },
  },
  {
    name: s.rules.templateNames.twice,
    rule: {
      name: 'refused twice, then accepted',
      on: 'rcpt',
      when: { rcpt: '*@example.test' },
      script: ['451 4.7.1 Try later', '451 4.7.1 Try later', 'accept'],
    },
  },
  {
    name: s.rules.templateNames.slow,
    rule: { name: 'slow replies', on: 'data', then: { delay: '3s' } },
  },
  {
    name: s.rules.templateNames.greylist,
    rule: { name: 'greylisting', on: 'rcpt', then: { greylist: { delay: '10s' } } },
  },
  {
    name: s.rules.templateNames.bounce,
    rule: { name: 'bounces', on: 'data', when: { rcpt: 'gone@*' }, then: { bounce: true } },
  },
  {
    name: s.rules.templateNames.webhook,
    rule: { name: 'tell my application', on: 'stored', then: { webhook: 'http://127.0.0.1:3000/mail' } },
  },
];

/**
 * The initial content of a new rule. The rule accepts one recipient, so it has no visible effect until the user
 * changes it.
 */
export const blankRule: RuleInput = {
  name: s.rules.add,
  on: 'rcpt',
  when: { rcpt: 'someone@*' },
  then: { accept: true },
};

/** Returns a rule as the JSON text of the editor. */
export const ruleText = (rule: RuleInput): string => JSON.stringify(rule, null, 2);

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Returns a short description of a rule's conditions, e.g. `rcpt *@example.test`. */
export function matchInWords({ when }: Rule): string {
  const fields = Object.entries(when ?? {}).map(([name, value]) => `${name} ${asText(value)}`);
  return fields.join(', ') || s.rules.anything;
}

/** Returns a short description of a rule's actions, e.g. `reject 550 5.1.1 No such user here`. */
export function actionInWords({ then, script }: Rule): string {
  const step = (one: unknown): string =>
    typeof one === 'object' && one !== null
      ? Object.entries(one)
          .map(([name, value]) => (value === true ? name : `${name} ${asText(value)}`))
          .join(', ')
      : String(one);
  return script === undefined ? step(then) : script.map(step).join(' → ');
}

/** The properties that the server adds to a rule in its responses. */
const SHOWN_ONLY = ['hits', 'lastHitAt', 'failure', 'active', 'source'];

/** Returns a rule without the properties that the server added. */
export const writtenRule = (rule: Rule): RuleInput =>
  Object.fromEntries(Object.entries(rule).filter(([name]) => !SHOWN_ONLY.includes(name))) as RuleInput;
