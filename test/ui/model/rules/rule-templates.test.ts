/** Tests the short descriptions of rules, and that the server accepts the templates. */
import { expect, it } from 'vitest';
import type { Rule } from '../../../../contract/index.ts';
import {
  actionInWords,
  blankRule,
  matchInWords,
  ruleTemplates,
  ruleText,
  writtenRule,
} from '../../../../ui/model/rules/rule-templates.ts';
import { startTestSandbox } from '../../../helpers/sandbox.ts';

const rule = (given: Partial<Rule>): Rule => ({ name: 'r', on: 'rcpt', ...given }) as unknown as Rule;

it('describes conditions and actions', () => {
  expect(matchInWords(rule({}))).toBe('anything');
  expect(matchInWords(rule({ when: { rcpt: 'a@*', tls: true } }))).toBe('rcpt a@*, tls true');
  expect(actionInWords(rule({ then: { reject: '550 no' } }))).toBe('reject 550 no');
  expect(actionInWords(rule({ then: { discard: true } }))).toBe('discard');
  expect(actionInWords(rule({ script: ['451 later', { delay: '3s' }, 'accept'] }))).toBe(
    '451 later → delay 3s → accept',
  );
});

it('has templates that the server accepts and returns unchanged', async () => {
  const sandbox = await startTestSandbox();
  for (const given of [...ruleTemplates.map((template) => template.rule), blankRule]) {
    const added = await sandbox.json<Rule>('rules', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ruleText(given),
    });
    expect(writtenRule(added)).toMatchObject(given);
    expect(Object.keys(writtenRule(added))).not.toContain('hits');
  }
});
