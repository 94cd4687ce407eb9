/** Tests the form fields of a rule: they show the JSON as far as possible, and change only the edited properties. */
import { describe, expect, it } from 'vitest';
import { problemAt } from '../../../../ui/model/rules/problems.ts';
import {
  actionForms,
  conditions,
  limitFields,
  textOfValue,
  valueOfText,
} from '../../../../ui/model/rules/rule-fields.ts';
import {
  fieldsOf,
  newAction,
  propertiesOf,
  withFields,
  withParameter,
  withProperty,
} from '../../../../ui/model/rules/rule-form.ts';
import { RuleActions } from '../../../../contract/schemas/rules.ts';
import { actions as serverActions } from '../../../../server/rules/actions/index.ts';
import { startTestSandbox } from '../../../helpers/sandbox.ts';

const text = (rule: unknown): string => JSON.stringify(rule);
const rule = {
  name: 'flaky',
  on: 'rcpt',
  when: { rcpt: 'signup@*', port: 1025, tls: true, nth: [1, 3] },
  times: 2,
  then: { reject: '451 4.7.1 Try later' },
  expiresIn: '5m',
};

describe('the fields of a rule', () => {
  it('show the properties of the rule', () => {
    expect(fieldsOf(text(rule))).toEqual({
      name: 'flaky',
      on: 'rcpt',
      when: [
        { field: 'rcpt', value: 'signup@*' },
        { field: 'port', value: '1025' },
        { field: 'tls', value: 'true' },
        { field: 'nth', value: '[1,3]' },
      ],
      steps: [
        {
          actions: [{ name: 'reject', parameter: '451 4.7.1 Try later' }],
          source: { reject: '451 4.7.1 Try later' },
        },
      ],
      isScript: false,
      limits: { times: 2, expiresIn: '5m' },
    });
  });

  it('show several actions, the steps of a script and the short forms of a step', () => {
    expect(fieldsOf(text({ on: 'data', then: { delay: '1s', tag: 'x' } }))?.steps[0]?.actions).toEqual([
      { name: 'delay', parameter: '1s' },
      { name: 'tag', parameter: 'x' },
    ]);
    const script = fieldsOf(text({ on: 'data', script: ['451', 'accept', '250 Fine', { delay: 1 }, 5] }));
    expect(script?.isScript).toBe(true);
    expect(script?.steps.map(({ actions }) => actions)).toEqual([
      [{ name: 'reject', parameter: '451' }],
      [{ name: 'accept', parameter: true }],
      [{ name: 'accept', parameter: '250 Fine' }],
      [{ name: 'delay', parameter: 1 }],
      null,
    ]);
  });

  it.each(['', '{', '[]', '1', 'null'])('are null for %j', (broken) => {
    expect(fieldsOf(broken)).toBeNull();
    expect(withFields(broken, { name: 'x' })).toBe(broken);
  });

  it('change only the given properties', () => {
    const changed = withFields(text(rule), {
      limits: { times: undefined },
      when: [
        { field: 'from', value: '1025' },
        { field: 'port', value: '25' },
      ],
      steps: [{ actions: [{ name: 'discard', parameter: true }] }],
    });
    expect(JSON.parse(changed)).toEqual({
      name: 'flaky',
      on: 'rcpt',
      expiresIn: '5m',
      when: { from: '1025', port: 25 },
      then: { discard: true },
    });
  });

  it('result in the same rule if nothing is changed', () => {
    const shown = fieldsOf(text(rule))!;
    expect(JSON.parse(withFields(text(rule), shown))).toEqual(rule);
  });

  it('do not remove actions that they cannot show', () => {
    const several = { on: 'data', then: { delay: '1s', tag: 'x' } };
    expect(JSON.parse(withFields(text(several), { ...fieldsOf(text(several))!, name: 'n' }))).toEqual({
      ...several,
      name: 'n',
    });
  });
});

describe('the values of the form', () => {
  it('are accepted by the server: the initial values of the actions, and the examples of conditions and limits', async () => {
    const sandbox = await startTestSandbox();
    const errors = async (written: string) => {
      const answer = await sandbox.json<{ errors: unknown[] }>('rules/check', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: written,
      });
      return [written, answer.errors];
    };
    const stageOf = (name: string): string =>
      ['bounce', 'autoReply', 'webhook', 'relay'].includes(name) ? 'data' : 'rcpt';
    const started = Object.keys(actionForms).map((name) =>
      withFields(text({ on: stageOf(name) }), { steps: [{ actions: [newAction(name)] }] }),
    );
    // A rule for each field of the form, in which the field has its example value.
    const filled = Object.entries(actionForms).flatMap(([name, { fields }]) =>
      fields.map((field) => {
        const example = field.options.at(-1) ?? (field.kind === 'flag' ? 'true' : field.example);
        const action = withParameter(newAction(name), field, valueOfText(field, example));
        return withFields(text({ on: stageOf(name) }), { steps: [{ actions: [action] }] });
      }),
    );
    const limited = limitFields.map((field) =>
      withFields(text({ on: 'rcpt', then: 'accept' }), {
        limits: withProperty({}, field, valueOfText(field, field.options.at(-1) ?? field.example)),
      }),
    );
    const matched = Object.entries(conditions).map(([field, value]) =>
      withFields(text({ on: 'data', then: { discard: true } }), { when: [{ field, value }] }),
    );
    for (const written of [...started, ...filled, ...limited, ...matched])
      expect(await errors(written)).toEqual([written, []]);
  });
});

it('offers every action of the server, and the schema describes it', () => {
  const names = [...serverActions.keys()].sort();
  expect(Object.keys(actionForms).sort()).toEqual(names);
  expect(Object.keys(RuleActions.properties).sort()).toEqual(names);
});

it('changes the steps of a script, and keeps the spelling of the others', () => {
  const script = [{ accept: true }, '451', 5, 'accept'];
  const written = text({ on: 'rcpt', script });
  const { steps } = fieldsOf(written)!;
  const changed = steps.map((step, i) =>
    i === 1 ? { actions: [{ name: 'reject', parameter: '450 4.2.0 Busy' }] } : step,
  );
  expect(JSON.parse(withFields(written, { steps: changed }))).toEqual({
    on: 'rcpt',
    script: [{ accept: true }, '450 4.2.0 Busy', 5, 'accept'],
  });
  expect(JSON.parse(withFields(written, { steps: steps.slice(1, 2), isScript: false }))).toEqual({
    on: 'rcpt',
    then: '451',
  });
});

describe('the parameter of an action', () => {
  const field = (name: keyof typeof actionForms, key: string) =>
    actionForms[name].fields.find((one) => one.key === key)!;

  it('has its short form if only the main field is set', () => {
    const secret = withParameter(newAction('webhook'), field('webhook', 'secret'), 's3cret');
    expect(secret.parameter).toEqual({ url: 'http://127.0.0.1:3000/mail', secret: 's3cret' });
    expect(withParameter(secret, field('webhook', 'secret'), undefined)).toEqual(newAction('webhook'));
    expect(withParameter(newAction('greylist'), field('greylist', 'delay'), undefined).parameter).toBe(true);
  });

  it('has no properties that contradict each other', () => {
    const octets = withParameter(newAction('disconnect'), field('disconnect', 'afterOctets'), 100);
    expect(octets.parameter).toEqual({ afterOctets: 100 });
    expect(withParameter(octets, field('disconnect', 'when'), 'after').parameter).toBe('after');
  });

  it('is shown in the fields, also as a list or as a number', () => {
    expect(propertiesOf({ name: 'tag', parameter: ['a', 'b'] })).toEqual({ tags: ['a', 'b'] });
    expect(textOfValue({ kind: 'list' }, ['a', 'b'])).toBe('a, b');
    expect(valueOfText({ kind: 'list' }, 'a, ')).toEqual(['a']);
    expect(valueOfText({ kind: 'quantity' }, '0.5')).toBe(0.5);
    expect(valueOfText({ kind: 'numbers' }, '1, 3')).toEqual([1, 3]);
    expect(valueOfText({ kind: 'text' }, '451')).toBe('451');
    expect(propertiesOf({ name: 'unknown', parameter: { a: 1 } })).toEqual({ json: { a: 1 } });
  });
});

it('finds the error of a field by its path', () => {
  const problem = (path: string) => ({ path, line: null, message: path });
  const problems = ['then.quota.size', 'script[1].reject', 'script', 'when.rcpt'].map(problem);
  expect(problemAt(problems, 'then.quota')).toBe('then.quota.size');
  expect(problemAt(problems, 'then.quota', ['then.quota.size'])).toBeNull();
  expect(problemAt(problems, 'script', ['script['])).toBe('script');
  expect(problemAt(problems, 'script[1]')).toBe('script[1].reject');
  expect(problemAt(problems, 'when.rc')).toBeNull();
});
