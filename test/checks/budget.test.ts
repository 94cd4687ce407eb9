/** Tests of the budget: how it changes findings, and the errors of an invalid budget. */
import { describe, expect, it } from 'vitest';
import { applyBudget, BudgetError, readBudget } from '../../server/checks/budget.ts';
import type { Finding } from '../../server/message/finding.ts';

const finding = (check: string, rule: string): Finding => ({
  check,
  rule,
  severity: 'warning',
  message: 'x',
  where: null,
  reference: null,
  help: null,
});

it('uses the severity of the most specific entry, and drops ignored findings', () => {
  const budget = readBudget(
    '{"rules": {"*": "info", "links/*": "error", "links/redirect": "ignore", "content/alt": "warning"}}',
  );
  const findings = [
    finding('links', 'redirect'),
    finding('links', 'status'),
    finding('content', 'alt'),
    finding('spam', 'x'),
  ];
  expect(applyBudget(findings, budget).map(({ rule, severity }) => [rule, severity])).toEqual([
    ['status', 'error'],
    ['alt', 'warning'],
    ['x', 'info'],
  ]);
});

describe('an invalid budget is rejected with the place of the error', () => {
  it.each([
    ['{', /^the file is not valid JSON: /],
    ['[]', /^the file must contain an object with "clients" and "rules"$/],
    ['{"rule": {}}', /^unknown key rule; the known keys are clients and rules$/],
    ['{"clients": "gmail"}', /^clients must be a list/],
    ['{"clients": ["gmail.ios", 5]}', /^clients\[1\] must be a name/],
    [
      '{"clients": ["outlook.linux"]}',
      /^clients\[0\]: unknown client outlook\.linux; the known clients are .*outlook\.windows/,
    ],
    ['{"rules": []}', /^rules must be an object/],
    ['{"rules": {"content": "error"}}', /^rules\["content"\]: the key must be "check\/rule"/],
    [
      '{"rules": {"content/x": "bad"}}',
      /^rules\["content\/x"\] must be one of error, warning, info, ignore$/,
    ],
  ])('%s', (text, message) => {
    expect(() => readBudget(text)).toThrow(BudgetError);
    expect(() => readBudget(text)).toThrow(message);
  });
});
