/** Tests of address fields: the forms and examples of RFC 5322, the obsolete forms, and forms in real mail. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGroup, parseAddressList, parseMailboxes } from '../../server/message/address.ts';

const flat = (value: string): string[] =>
  parseMailboxes(value).map(({ name, address }) => `${name}|${address}`);

describe('mailboxes', () => {
  it.each([
    // Examples of RFC 5322 A.1.
    ['John Doe <jdoe@machine.example>', ['John Doe|jdoe@machine.example']],
    ['"Joe Q. Public" <john.q.public@example.com>', ['Joe Q. Public|john.q.public@example.com']],
    [
      'Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>',
      ['Mary Smith|mary@x.test', '|jdoe@example.org', 'Who?|one@y.test'],
    ],
    [
      '<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>',
      ['|boss@nil.test', 'Giant; "Big" Box|sysservices@example.net'],
    ],
    // Examples of RFC 5322 A.5 and A.6.1.
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', ['Pete|pete@silly.test']],
    ['Joe Q. Public <john.q.public@example.com>', ['Joe Q. Public|john.q.public@example.com']],
    [
      'Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example',
      ['Mary Smith|mary@example.net', '|jdoe@test.example'],
    ],
    // Comments that are used as names.
    ['jdoe@example.org (John Doe)', ['John Doe|jdoe@example.org']],
    ['jdoe@example.org (John (Jack) Doe)', ['John (Jack) Doe|jdoe@example.org']],
    // Names in encoded words.
    ['=?utf-8?Q?J=C3=B6rg?= <j@x.test>', ['Jörg|j@x.test']],
    ['=?utf-8?Q?J=C3=B6rg?= =?utf-8?Q?_M.?= <j@x.test>', ['Jörg M.|j@x.test']],
    ['"=?utf-8?Q?J=C3=B6rg?=" <j@x.test>', ['Jörg|j@x.test']],
    ['=?utf-8?Q?Doe=2C_J?= <j@x.test>', ['Doe, J|j@x.test']],
    // Quoted local parts and domain literals.
    ['"john doe"@example.com', ['|"john doe"@example.com']],
    ['<"john doe"@example.com>', ['|"john doe"@example.com']],
    ['<"a>b"@example.com>', ['|"a>b"@example.com']],
    ['a@[192.0.2.1]', ['|a@[192.0.2.1]']],
    ['a@[IPv6:2001:db8::1], b@x', ['|a@[IPv6:2001:db8::1]', '|b@x']],
    // International addresses.
    ['Märy <märy@exämple.net>', ['Märy|märy@exämple.net']],
    ['用户@例子.测试', ['|用户@例子.测试']],
    // Forms that occur in real mail.
    ['a@b; c@d', ['|a@b', '|c@d']],
    ['a@b,c@d,', ['|a@b', '|c@d']],
    ['John Doe jdoe@x.test', ['John Doe|jdoe@x.test']],
    ['jdoe@x.test John Doe', ['John Doe|jdoe@x.test']],
    ['"jdoe@x.test" <jdoe@x.test>', ['jdoe@x.test|jdoe@x.test']],
    ['jdoe@x.test <jdoe@x.test>', ['jdoe@x.test|jdoe@x.test']],
    ['<<a@b>>', ['|a@b']],
    ['John <a@b', ['John|a@b']],
    ['John <>', ['John|']],
    ['root', ['|root']],
    ['No Address Here', ['No Address Here|']],
    ['"unclosed <a@b>', ['unclosed <a@b>|']],
    ["O'Brien <ob@x.test>", ["O'Brien|ob@x.test"]],
    ['a+b@x.test', ['|a+b@x.test']],
    ['', []],
    [' , ;', []],
  ])('%s', (value, expected) => {
    expect(flat(value)).toEqual(expected);
  });
});

describe('groups', () => {
  it.each([
    ['undisclosed-recipients:;', [{ name: 'undisclosed-recipients', members: [] }]],
    [
      'A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;',
      [
        {
          name: 'A Group',
          members: [
            { name: 'Ed Jones', address: 'c@a.test' },
            { name: '', address: 'joe@where.test' },
            { name: 'John', address: 'jdoe@one.test' },
          ],
        },
      ],
    ],
    [
      '(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;',
      [{ name: 'Hidden recipients', members: [] }],
    ],
    [
      'x@y, G: a@b;, c@d',
      [
        { name: '', address: 'x@y' },
        { name: 'G', members: [{ name: '', address: 'a@b' }] },
        { name: '', address: 'c@d' },
      ],
    ],
    ['G: a@b', [{ name: 'G', members: [{ name: '', address: 'a@b' }] }]],
  ])('%s', (value, expected) => {
    expect(parseAddressList(value)).toEqual(expected);
  });

  it.each([
    ['=?UTF-8?Q?Smith,_John?= <j@x.test>', [{ name: 'Smith, John', address: 'j@x.test' }]],
    ['=?iso-8859-1?Q?Distrib;_R=EDo?= <r@x.test>', [{ name: 'Distrib; Río', address: 'r@x.test' }]],
    [
      '=?UTF-8?Q?Foo:_Bar?= <f@x.test>, =?UTF-8?Q?ACME_(Support)?= <s@x.test>',
      [
        { name: 'Foo: Bar', address: 'f@x.test' },
        { name: 'ACME (Support)', address: 's@x.test' },
      ],
    ],
    ['=?UTF-8?Q?"a"_<b>_[c]_@d?= <x@y>', [{ name: '"a" <b> [c] @d', address: 'x@y' }]],
    ['=?UTF-8?Q?a@b?=', [{ name: 'a@b', address: '' }]],
    [
      'Bob Dunite <b@x> Bobby <bobby@y>, c@d',
      [
        { name: 'Bob Dunite', address: 'b@x' },
        { name: 'Bobby', address: 'bobby@y' },
        { name: '', address: 'c@d' },
      ],
    ],
    ['pre=?UTF-8?Q?a,b?= <x@y>', [{ name: 'prea,b', address: 'x@y' }]],
    ['"=?UTF-8?Q?Smith,_John?=" <j@x.test>', [{ name: 'Smith, John', address: 'j@x.test' }]],
    ['=?UTF-8?Q?Smith,?= =?UTF-8?Q?_John?= <j@x.test>', [{ name: 'Smith, John', address: 'j@x.test' }]],
    ['=?UTF-8?Q?Smith, John?= <j@x.test>', [{ name: 'Smith, John', address: 'j@x.test' }]],
    [
      '=?UTF-8?Q?J=C3=B6rg <j@x.test>, b@c',
      [
        { name: 'Jörg', address: 'j@x.test' },
        { name: '', address: 'b@c' },
      ],
    ],
    ['j@x.test (=?UTF-8?Q?Smith,_John?=)', [{ name: 'Smith, John', address: 'j@x.test' }]],
    [
      '=?UTF-8?Q?Team:_A?=: a@b, =?UTF-8?Q?C,_D?= <c@d>;',
      [
        {
          name: 'Team: A',
          members: [
            { name: '', address: 'a@b' },
            { name: 'C, D', address: 'c@d' },
          ],
        },
      ],
    ],
  ])('what separates mailboxes, and what does not: %s', (value, expected) => {
    expect(parseAddressList(value)).toEqual(expected);
  });

  it('distinguishes groups from mailboxes', () => {
    expect(parseAddressList('G:;, a@b').map(isGroup)).toEqual([true, false]);
  });
});

it('parses plain brackets on its fast path as brackets with a comment on the general path', () => {
  const inside = fc.string({ unit: fc.constantFrom(...Array.from('ab@.-+é[]\\;=?!')) });
  const around = fc.string({ unit: fc.constantFrom(...Array.from('ab ,;:<>@')) });
  fc.assert(
    fc.property(inside, around, (address, rest) => {
      expect(parseAddressList(`Ann <${address}> ${rest}`)).toEqual(
        parseAddressList(`Ann <${address}()> ${rest}`),
      );
      expect(parseAddressList(`Ann <${address}>${rest}`)).toEqual(
        parseAddressList(`Ann <()${address}>${rest}`),
      );
    }),
  );
});
