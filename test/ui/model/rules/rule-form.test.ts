/** Tests the form fields of a rule: they show the JSON as far as possible, and change only the edited properties. */
import { describe, expect, it } from 'vitest';
import {
  actions,
  beginningOf,
  conditions,
  fieldsOf,
  withFields,
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
      action: { name: 'reject', value: '451 4.7.1 Try later' },
      script: null,
      times: '2',
    });
  });

  it('have no action for several actions or a script', () => {
    expect(fieldsOf(text({ on: 'data', then: { delay: '1s', tag: 'x' } }))?.action).toBeNull();
    expect(fieldsOf(text({ on: 'data', script: ['451', 'accept'] }))?.action).toBeNull();
    expect(fieldsOf(text({ on: 'data', then: 'accept' }))?.action).toBeNull();
  });

  it.each(['', '{', '[]', '1', 'null'])('are null for %j', (broken) => {
    expect(fieldsOf(broken)).toBeNull();
    expect(withFields(broken, { name: 'x' })).toBe(broken);
  });

  it('change only the given properties', () => {
    const changed = withFields(text(rule), {
      times: '',
      when: [
        { field: 'from', value: '1025' },
        { field: 'port', value: '25' },
      ],
      action: { name: 'discard', value: '' },
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
  it.each(Object.keys(actions))('the server accepts the initial value of the action %s', async (name) => {
    const sandbox = await startTestSandbox();
    const start = text({ on: name === 'relay' || name === 'webhook' ? 'stored' : 'rcpt' });
    const onData = text({ on: 'data' });
    const written = withFields(['bounce', 'autoReply', 'tag'].includes(name) ? onData : start, {
      action: { name, value: beginningOf(name) },
    });
    const answer = await sandbox.json<{ errors: unknown[] }>('rules/check', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: written,
    });
    expect(answer.errors).toEqual([]);
  });

  it.each(Object.entries(conditions))(
    'the server accepts the condition %s with the example %s',
    async (field, value) => {
      const sandbox = await startTestSandbox();
      const written = withFields(text({ on: 'data', then: { discard: true } }), { when: [{ field, value }] });
      const answer = await sandbox.json<{ errors: unknown[] }>('rules/check', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: written,
      });
      expect(answer.errors).toEqual([]);
    },
  );
});

it('offers every action of the server, and the schema describes it', () => {
  const names = [...serverActions.keys()].sort();
  expect(Object.keys(actions).sort()).toEqual(names);
  expect(Object.keys(RuleActions.properties).sort()).toEqual(names);
});

it('shows and changes the steps of a script of replies', () => {
  const text = JSON.stringify({ on: 'rcpt', script: ['451', '451', 'accept'] });
  expect(fieldsOf(text)).toMatchObject({ action: null, script: ['451', '451', 'accept'] });
  const changed = withFields(text, { script: ['450 4.2.0 Busy', 'accept'] });
  expect(JSON.parse(changed)).toEqual({ on: 'rcpt', script: ['450 4.2.0 Busy', 'accept'] });
  // A script with other actions stays in the JSON text.
  expect(fieldsOf(JSON.stringify({ script: [{ delay: '3s' }, 'accept'] }))?.script).toBeNull();
});
