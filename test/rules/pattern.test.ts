import { expect, it } from 'vitest';
import { parseHostPattern, parsePattern } from '../../server/rules/pattern.ts';

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

it('never backtracks over a value because of stars', () => {
  expect(parsePattern(`${'*a'.repeat(50)}*b`).test('a'.repeat(1000))).toBe(false);
  expect(parsePattern(`${'*a?'.repeat(50)}*b`).test('a'.repeat(1000))).toBe(false);
});

it.each([
  ['/^(a+)+$/', `${'a'.repeat(900)}b`, false],
  ['/(x+x+)+y/', 'x'.repeat(1000), false],
  ['/^(?:\\w+\\s?)+$/', `${'a '.repeat(400)}!`, false],
  ['/(?<=^(?:a|aa)+)b$/', `${'a'.repeat(900)}c`, false],
])('does not reject a regex that is slow only with backtracking: %s', (source, value, expected) => {
  // A backtracking engine would need more steps than nanoseconds have passed since the beginning of the universe.
  expect(parsePattern(source).test(value)).toBe(expected);
});

it.each([
  ['/^(?!bob@)/', 'ann@x.test', true],
  ['/^(?!bob@)/', 'Bob@x.test', false],
  ['/^(\\w+)@\\1\\.test$/', 'ann@ann.test', true],
])('supports the whole syntax: %s of %s is %s', (source, value, expected) => {
  // The default limit is elapsed time, which other processes may use on a busy machine.
  expect(parsePattern(source, { regexTime: 60_000 }).test(value)).toBe(expected);
});

it('interrupts a regex with endless backtracking, and does not run it again after three interruptions', () => {
  const slow = parsePattern('/^(?=(a+)+$)/');
  const reason = (): string => {
    try {
      return String(slow.test(`${'a'.repeat(200)}b`));
    } catch (error) {
      return (error as Error).message;
    }
  };
  let interrupted = 0;
  while (reason().includes('timed out')) interrupted++;
  expect(interrupted).toBeGreaterThanOrEqual(3);
  expect(reason()).toMatch(/is not run again/);
});

it('refuses a pattern that is too long', () => {
  expect(() => parsePattern('a'.repeat(1001))).toThrow('is longer than 1000 characters');
});
