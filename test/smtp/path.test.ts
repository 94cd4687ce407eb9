import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePath } from '../../server/smtp/path.ts';

it.each([
  ['FROM:<a@x.test>', 'a@x.test', {}, []],
  ['from:<>', '', {}, []],
  ['FROM:<a@x.test> SIZE=5 smtputf8', 'a@x.test', { SIZE: '5', SMTPUTF8: true }, []],
  ['FROM:<"a b>\\"c"@x.test>', '"a b>\\"c"@x.test', {}, []],
  ['FROM:<grün@exämple.test>', 'grün@exämple.test', {}, []],
  ['FROM:<user.@x.test>', 'user.@x.test', {}, []],
  ['FROM:<nobody>', 'nobody', {}, []],
  ['FROM:<a@b@x.test>', 'a@b@x.test', {}, []],
  ['FROM:<@x.test>', '@x.test', {}, []],
  ['FROM: <a@x.test>', 'a@x.test', {}, ['space-in-path-command']],
  ['FROM:< a@x.test\t>', 'a@x.test', {}, ['space-in-path-command']],
  ['FROM:<a @ x.test>', 'a@x.test', {}, ['space-in-path-command']],
  ['FROM:< >', '', {}, ['space-in-path-command']],
  ['FROM:a@x.test RET=FULL', 'a@x.test', { RET: 'FULL' }, ['path-without-brackets']],
  ['FROM:a@x.test>', 'a@x.test', {}, ['path-without-brackets']],
  ['FROM:"a b"@x.test SIZE=1', '"a b"@x.test', { SIZE: '1' }, ['path-without-brackets']],
  ['FROM:""', '', {}, ['path-without-brackets', 'address-malformed']],
  ['FROM:<"">', '', {}, ['address-malformed']],
  ['FROM:<<a@x.test>>', 'a@x.test', {}, ['address-malformed']],
  ['FROM:<Ann "<x>" <a@x.test>>', 'a@x.test', {}, ['address-malformed']],
  ['FROM:<a@x.test>;', 'a@x.test', {}, ['address-malformed']],
  ['FROM:<@r.test,@s.test:a@x.test>', 'a@x.test', {}, ['source-route']],
  ['FROM:<a@x.test> A=1 a=2', 'a@x.test', { A: '2' }, ['repeated-parameter']],
  ['FROM:<a@x.test> B A A', 'a@x.test', { A: true, B: true }, ['repeated-parameter']],
])('parses MAIL %s', (argument, address, parameters, rules) => {
  const path = parsePath('FROM', argument);
  expect(path).toMatchObject({ address, parameters });
  expect(typeof path === 'string' ? path : path.departures.map(({ rule }) => rule)).toEqual(rules);
});

it('reports departures from the standard', () => {
  const path = parsePath('FROM', 'FROM:<a@x.test> SIZE=5 BODY=7BIT size=6');
  expect(path).toMatchObject({
    given: [
      ['SIZE', '5'],
      ['BODY', '7BIT'],
      ['SIZE', '6'],
    ],
    departures: [{ rule: 'repeated-parameter', excerpt: 'SIZE=5 SIZE=6' }],
  });
});

it.each([
  ['TO:<a@x.test>', 'syntax'],
  ['FROM', 'syntax'],
  ['FROM:', 'syntax'],
  ['FROM <a@x.test>', 'syntax'],
  ['FROM:<a@x.test', 'syntax'],
  ['FROM:<a@x.test>SIZE=1', 'syntax'],
  ['FROM:<a@x.test>,<b@x.test>', 'syntax'],
  ['FROM:<a b@x.test>', 'address'],
  ['FROM:<a@>', 'address'],
  ['FROM:<@>', 'address'],
  ['FROM:<a\u0085@x.test>', 'address'],
  ['FROM:<a\u200b@x.test>', 'address'],
  ['FROM:Ann <a@x.test>', 'parameter'],
  ['FROM:<a@x.test> -A=1', 'parameter'],
  ['FROM:<a@x.test> =5', 'parameter'],
])('refuses MAIL %s', (argument, problem) => {
  expect(parsePath('FROM', argument)).toBe(problem);
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parsePath('FROM', `FROM:${text}`);
      parsePath('TO', text);
    }),
  );
});
