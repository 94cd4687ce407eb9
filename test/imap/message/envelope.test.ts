import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeAddressList, parseAddressList } from '../../../server/imap/message/address-list.ts';
import { encodeEnvelope } from '../../../server/imap/message/envelope.ts';

const encode = (value: string): string => encodeAddressList(parseAddressList(value));

it.each([
  ['a@b.test', '((NIL NIL "a" "b.test"))'],
  ['<a@b.test>', '((NIL NIL "a" "b.test"))'],
  ['Ann Lee <ann@b.test>', '(("Ann Lee" NIL "ann" "b.test"))'],
  ['"Lee, \\"Ann\\"" <ann@b.test>', '(("Lee, \\"Ann\\"" NIL "ann" "b.test"))'],
  ['=?utf-8?q?J=C3=BCrgen?= <j@b.test>', '(("=?utf-8?q?J=C3=BCrgen?=" NIL "j" "b.test"))'],
  ['ann@b.test (Ann Lee)', '(("Ann Lee" NIL "ann" "b.test"))'],
  ['a@b.test, c@d.test', '((NIL NIL "a" "b.test")(NIL NIL "c" "d.test"))'],
  ['<@r.test,@s.test:a@b.test>', '((NIL "@r.test,@s.test" "a" "b.test"))'],
  ['undisclosed-recipients:;', '((NIL NIL "undisclosed-recipients" NIL)(NIL NIL NIL NIL))'],
  [
    'Team: a@b.test, C <c@d.test>;',
    '((NIL NIL "Team" NIL)(NIL NIL "a" "b.test")("C" NIL "c" "d.test")(NIL NIL NIL NIL))',
  ],
  ['"odd local"@b.test', '((NIL NIL "odd local" "b.test"))'],
  ['=?UTF-8?Q?Smith,_John?= <j@x.test>', '(("=?UTF-8?Q?Smith,_John?=" NIL "j" "x.test"))'],
  ['=?UTF-8?Q?Foo:_Bar_(x)?= <f@x.test>', '(("=?UTF-8?Q?Foo:_Bar_(x)?=" NIL "f" "x.test"))'],
  ['Ann <a@b.test> Bob <c@d.test>', '(("Ann" NIL "a" "b.test")("Bob" NIL "c" "d.test"))'],
  ['nobody', '((NIL NIL "nobody" "MISSING_DOMAIN"))'],
  ['Ann <>', '(("Ann" NIL "MISSING_MAILBOX" "MISSING_DOMAIN"))'],
  ['Ann Lee', '(("Ann Lee" NIL "MISSING_MAILBOX" "MISSING_DOMAIN"))'],
  ['Ann Lee ann @ b.test', '(("Ann Lee" NIL "ann" "b.test"))'],
  ['ann . lee@b . test', '((NIL NIL "ann.lee" "b.test"))'],
  ['(only a comment)', 'NIL'],
  ['team:(nobody);', '((NIL NIL "team" NIL)(NIL NIL NIL NIL))'],
  ['Jürgen <j@b.test>', '(({7}\r\nJürgen NIL "j" "b.test"))'],
  ['a@[192.0.2.1]', '((NIL NIL "a" "[192.0.2.1]"))'],
  ['', 'NIL'],
  [',,', 'NIL'],
])('parses %s', (value, expected) => {
  expect(encode(value)).toBe(expected);
});

it('parses any input', () => {
  const unit = fc.constantFrom(...'ab@<>,;:"()\\ \t.ü'.split(''));
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (value) => {
      expect(encode(value)).toMatch(/^(NIL|\(.*\))$/s);
    }),
    { numRuns: 2_000 },
  );
});

it('parses hostile lists in linear time', () => {
  // Quadratic work on 300,000 pieces would exceed the time limit of the test.
  for (const piece of ['(', '<', '"', ':', 'a ', '\\', '((\\']) {
    expect(parseAddressList(piece.repeat(300_000)).length).toBeLessThanOrEqual(300_000);
  }
});

it('decodes octets that are not UTF-8 as the other interfaces do', () => {
  const header = 'Subject: \xc4\xe3\xba\xc3\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n';
  expect(encodeEnvelope(Buffer.from(header, 'latin1'))).toContain('你好');
});

it('derives an envelope from a header', () => {
  const header = Buffer.from(
    [
      'Date: Mon, 23 Nov 2026 15:00:00 +0100',
      'SUBJECT: a folded',
      '\tsubject "quoted"',
      'From: Ann <ann@a.test>',
      'Reply-To: ',
      'To: bob@b.test',
      'In-Reply-To: <1@a.test>',
      'Message-Id: <2@a.test>',
      'garbage without colon',
      '',
      '',
    ].join('\r\n'),
  );
  const ann = '(("Ann" NIL "ann" "a.test"))';
  expect(encodeEnvelope(header)).toBe(
    `("Mon, 23 Nov 2026 15:00:00 +0100" "a folded\tsubject \\"quoted\\"" ${ann} ${ann} ${ann} ` +
      '((NIL NIL "bob" "b.test")) NIL NIL "<1@a.test>" "<2@a.test>")',
  );
});
