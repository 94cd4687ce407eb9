/** The budget: what it does to findings, and what is said of one that cannot be understood. */
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

it('gives the severity of the most exact entry, and drops what is ignored', () => {
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

describe('what cannot be understood is refused with its place', () => {
  it.each([
    ['{', /^it is not JSON: /],
    ['[]', /^an object with "clients" and "rules" is wanted$/],
    ['{"rule": {}}', /^rule: there is no such key; known: clients, rules$/],
    ['{"clients": "gmail"}', /^clients: a list/],
    ['{"clients": ["gmail.ios", 5]}', /^clients\[1\]: a name/],
    [
      '{"clients": ["outlook.linux"]}',
      /^clients\[0\]: there is no client outlook\.linux; known are .*outlook\.windows/,
    ],
    ['{"rules": []}', /^rules: an object/],
    ['{"rules": {"content": "error"}}', /^rules\["content"\]: "check\/rule"/],
    [
      '{"rules": {"content/x": "bad"}}',
      /^rules\["content\/x"\]: one of error, warning, info, ignore is wanted$/,
    ],
  ])('%s', (text, message) => {
    expect(() => readBudget(text)).toThrow(BudgetError);
    expect(() => readBudget(text)).toThrow(message);
  });
});
