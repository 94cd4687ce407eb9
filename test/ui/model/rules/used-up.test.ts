/** Tests the detection of rules that cannot fire again. */
import { expect, it } from 'vitest';
import type { Rule } from '../../../../contract/index.ts';
import { isUsedUp } from '../../../../ui/model/rules/used-up.ts';

it.each<[Partial<Rule> & { readonly within?: string }, boolean]>([
  [{ hits: 5 }, false],
  [{ hits: 1, times: 2 }, false],
  [{ hits: 2, times: 2 }, true],
  [{ hits: 2, times: 2, per: 'rcpt' }, false],
  [{ hits: 2, times: 2, within: '1m' }, false],
  [{ hits: 2, script: ['451', '451', 'accept'] }, false],
  [{ hits: 3, script: ['451', '451', 'accept'] }, true],
])('of %j: %j', (rule, expected) => {
  expect(isUsedUp(rule as Rule)).toBe(expected);
});
