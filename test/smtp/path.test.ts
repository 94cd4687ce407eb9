import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePath } from '../../server/smtp/path.ts';

it.each([
  ['FROM:<a@x.test>', 'a@x.test', {}, []],
  ['from:<>', '', {}, []],
  ['FROM:<a@x.test> SIZE=5 smtputf8', 'a@x.test', { SIZE: '5', SMTPUTF8: true }, []],
  ['FROM: <a@x.test>', 'a@x.test', {}, ['space-in-path-command']],
  ['FROM:a@x.test RET=FULL', 'a@x.test', { RET: 'FULL' }, ['path-without-brackets']],
  ['FROM:<@r.test,@s.test:a@x.test>', 'a@x.test', {}, ['source-route']],
  ['FROM:<"a b>\\"c"@x.test>', '"a b>\\"c"@x.test', {}, []],
  ['FROM:<grün@exämple.test>', 'grün@exämple.test', {}, []],
  ['FROM:<user.@x.test>', 'user.@x.test', {}, []],
])('reads MAIL %s', (argument, address, parameters, departures) => {
  expect(parsePath('FROM', argument)).toEqual({ address, parameters, departures });
});

it.each([
  ['TO:<a@x.test>', 'syntax'],
  ['FROM', 'syntax'],
  ['FROM:', 'syntax'],
  ['FROM:<a@x.test', 'syntax'],
  ['FROM:<a@x.test>SIZE=1', 'syntax'],
  ['FROM:<a>', 'address'],
  ['FROM:<@x.test>', 'address'],
  ['FROM:<a@>', 'address'],
  ['FROM:<a@b@c>', 'address'],
  ['FROM:<a\u0085@x.test>', 'address'],
  ['FROM:<a\u200b@x.test>', 'address'],
  ['FROM:<a@x.test> A=1 a=2', 'duplicate'],
  ['FROM:<a@x.test> -A=1', 'parameter'],
])('refuses MAIL %s', (argument, problem) => {
  expect(parsePath('FROM', argument)).toBe(problem);
});

it('takes postmaster without a domain as a recipient only', () => {
  expect(parsePath('TO', 'TO:<Postmaster>')).toMatchObject({ address: 'Postmaster' });
  expect(parsePath('FROM', 'FROM:<postmaster>')).toBe('address');
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parsePath('FROM', `FROM:${text}`);
      parsePath('TO', text);
    }),
  );
});
