import { expect, it } from 'vitest';
import { parseHostPattern, parsePattern } from '../../server/capture/rules/pattern.ts';

it.each([
  ['signup@*', 'Signup@x.test', true],
  ['signup@*', 'xsignup@x.test', false],
  ['*@x.test', 'a@x.test', true],
  ['*@x.test', 'a@y.test', false],
  ['a?@x.test', 'ab@x.test', true],
  ['a?@x.test', 'a@x.test', false],
  ['*a*b*c*', 'xxaxxbxxcxx', true],
  ['*a*b*c*', 'xxaxxcxxbxx', false],
  ['', '', true],
  ['a.b', 'axb', false],
  ['[a-z]+', 'abc', false],
  ['/^user\\d+@/', 'USER12@x.test', true],
  ['/^user\\d+@/', 'user@x.test', false],
  ['/(?<=a)b/', 'ab', true],
])('%s of %s is %s', (source, value, expected) => {
  expect(parsePattern(source).test(value)).toBe(expected);
});

it.each([
  ['10.0.0.0/8', '10.200.3.4', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['fd00::/8', 'fd12::1', true],
  ['127.0.0.*', '127.0.0.1', true],
  ['127.0.0.1', '127.0.0.1', true],
])('network %s of %s is %s', (source, value, expected) => {
  expect(parseHostPattern(source).test(value)).toBe(expected);
});

it('takes the longest value against the worst glob', () => {
  expect(parsePattern(`${'*a'.repeat(50)}*b`).test('a'.repeat(1000))).toBe(false);
});

it('interrupts a regex that would backtrack for ever', () => {
  expect(() => parsePattern('/^(a+)+$/').test(`${'a'.repeat(200)}b`)).toThrow(/timed out/);
});
