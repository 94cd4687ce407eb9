/** The models of the rules view: places in JSON, rules in words, templates that the server accepts. */
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../contract/index.ts';
import { lineOfPath } from '../../ui/model/rules/json-place.ts';
import {
  actionInWords,
  blankRule,
  matchInWords,
  ruleTemplates,
  ruleText,
  writtenRule,
} from '../../ui/model/rules/rule-templates.ts';
import { startTestSandbox } from '../helpers/sandbox.ts';

describe('lineOfPath', () => {
  const text = [
    '{',
    '  "on": "rcpt",',
    '  "when": {',
    '    "rcpt": "a@*"',
    '  },',
    '  "script": [',
    '    "451 x",',
    '    { "reject": "550" }',
    '  ]',
    '}',
  ].join('\n');
  it.each([
    ['', 1],
    ['on', 2],
    ['when', 3],
    ['when.rcpt', 4],
    ['script', 6],
    ['script[0]', 7],
    ['script[1].reject', 8],
    ['when.missing', 3],
    ['missing', 1],
  ])('%s is on line %i', (path, line) => {
    expect(lineOfPath(text, path)).toBe(line);
  });

  it('is not misled by keys and brackets within strings', () => {
    expect(lineOfPath('{ "a": "} \\" b",\n "b": 1 }', 'b')).toBe(2);
  });

  it.each(['', '{', '{"a"', '[1,', '{,,,}', 'nonsense'])('ends on %j, which is no JSON', (broken) => {
    expect(lineOfPath(broken, 'a.b')).toBe(1);
  });
});

const rule = (given: Partial<Rule>): Rule => ({ name: 'r', on: 'rcpt', ...given }) as unknown as Rule;

it('puts conditions and actions in words', () => {
  expect(matchInWords(rule({}))).toBe('anything');
  expect(matchInWords(rule({ when: { rcpt: 'a@*', tls: true } }))).toBe('rcpt a@*, tls true');
  expect(actionInWords(rule({ then: { reject: '550 no' } }))).toBe('reject 550 no');
  expect(actionInWords(rule({ then: { discard: true } }))).toBe('discard');
  expect(actionInWords(rule({ script: ['451 later', { delay: '3s' }, 'accept'] }))).toBe(
    '451 later → delay 3s → accept',
  );
});

it('offers templates that the server accepts, and gets each rule back as it was written', async () => {
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
