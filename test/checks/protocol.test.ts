/** The check `protocol`: each rule is tested with a message that breaks it and with one that does not. */
import { expect, it } from 'vitest';
import type { Envelope } from '../../server/message/envelope.ts';
import { protocolFindings } from '../../server/checks/protocol/index.ts';
import { isHostName } from '../../server/checks/protocol/session.ts';
import { departure, UNKNOWN_MANNER, type Manner } from '../../server/smtp/departure.ts';
import { protocolRules } from '../../server/checks/protocol/catalogue.ts';

const good =
  'From: a@x.test\r\nTo: b@x.test\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@x.test>\r\nSubject: x\r\n\r\nbody\r\n';
const envelope = (
  from: Record<string, string | true> = {},
  to = ['b@x.test'],
  sender = 'a@x.test',
): Envelope => ({
  from: { address: sender, parameters: from },
  to: to.map((address) => ({ address, parameters: {} })),
});

function rules(raw: string, of: Envelope = envelope(), manner: Partial<Manner> = {}): string[] {
  const found = protocolFindings(Buffer.from(raw, 'latin1'), of, { ...UNKNOWN_MANNER, ...manner });
  return found.map(({ rule }) => rule).sort();
}

it('finds nothing in a correct message', () => {
  expect(rules(good, envelope(), { helo: 'app.example.test' })).toEqual([]);
  expect(rules(good.replace('body', 'b\xf6dy'), envelope({ BODY: '8bitmime' }))).toEqual([]);
});

it.each<[string, string[]]>([
  [good.replace('body\r\n', 'body\n'), ['bare-lf']],
  [good.replace('body', 'bo\rdy'), ['bare-cr']],
  [good.replace('body', 'bo\0dy'), ['nul-octet']],
  [good.replace('body', 'x'.repeat(999)), ['line-too-long']],
  [good.replace('body', 'x'.repeat(998)), []],
  [good.replace('body', 'b\xf6dy'), ['8bit-without-8bitmime']],
  [good.replace('Subject: x', 'Subject: \xf6'), ['utf8-header-without-smtputf8']],
  [good.replace('body', 'a\n.\nb'), ['bare-lf', 'smuggling-sequence']],
  [good.replace('body', 'a\n.\r\nb'), ['bare-lf', 'smuggling-sequence']],
  [good.replace('body', 'a\r.\rb'), ['bare-cr', 'smuggling-sequence']],
  [good.replace('body', 'a\r\n.\r\nb'), []],
  [good.replace(/Date.*\r\n/, ''), ['missing-date']],
  [good.replace(/From.*\r\n/, ''), ['missing-from']],
  [good.replace(/Message-ID.*\r\n/, ''), ['missing-message-id']],
  [good.replace('Subject: x', 'Subject: x\r\nsubject: y\r\nSubject: z'), ['duplicate-header']],
  [good.replace('Subject: x', 'Received: x\r\nReceived: y'), []],
  [good.replace('Subject: x', 'Subject x'), ['header-line-malformed']],
  [good.replace('Subject: x', 'Subject: x\r\n folded: y'), []],
  [
    good.replace('Subject: x', `${'X-Long: yyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(4000)}X: y`),
    ['header-too-large'],
  ],
])('finds %#', (raw, expected) => {
  expect(rules(raw)).toEqual(expected);
});

it('reports the place of a finding', () => {
  const [finding] = protocolFindings(Buffer.from(good.replace('body', 'bo\0dy')), envelope());
  expect(finding).toMatchObject({
    check: 'protocol',
    rule: 'nul-octet',
    where: { line: 7, column: 3, offset: good.indexOf('body') + 2 },
    reference: protocolRules['nul-octet'].reference,
  });
});

it('reports faults of the SMTP session', () => {
  const departures = [departure('path-without-brackets', 'a@x.test'), departure('path-without-brackets')];
  const manner = { helo: 'laptop', departures };
  expect(rules(good, envelope(), manner)).toEqual(['helo-not-a-name', 'path-without-brackets']);
  expect(rules(good, envelope({ SIZE: '10' }))).toEqual(['size-understated']);
  expect(rules(good, envelope({ SIZE: '1000' }))).toEqual([]);
  expect(rules(good, envelope({}, ['b@x.test', 'B@x.test']))).toEqual(['duplicate-recipient']);
  expect(rules(good, envelope({}, ['grün@x.test']))).toEqual(['utf8-address-without-smtputf8']);
  expect(rules(good, envelope({ SMTPUTF8: true }, ['grün@x.test']))).toEqual([]);
  const dot = { unstuffedDot: { offset: 3, loneLineEnd: true } };
  expect(rules(good, envelope(), dot)).toEqual(['dot-not-stuffed', 'smuggling-sequence']);
});

it.each([
  ['a@x.test', []],
  ['"a b"@x.test', []],
  ['"a@b"@[127.0.0.1]', []],
  ['a@[IPv6:::1]', []],
  ['a@localhost', []],
  ['a..b@x.test', ['address-malformed']],
  ['.a@x.test', ['address-malformed']],
  ['a(b@x.test', ['address-malformed']],
  ['a@b@x.test', ['address-malformed']],
  ['a@x..test', ['address-malformed']],
  ['a@-x.test', ['address-malformed']],
  ['a@x_y.test', ['address-malformed']],
  ['a@x.test.', ['address-malformed']],
  ['a@127.0.0.1', ['address-malformed']],
  ['a@[999.0.0.1]', ['address-malformed']],
  [`${'a'.repeat(65)}@x.test`, ['address-malformed']],
  [`a@${'x'.repeat(300)}`, ['address-malformed']],
  ['root', ['address-without-domain']],
  ['"a@b"', ['address-without-domain']],
  ['Postmaster', []],
])('judges the recipient %s', (address, expected) => {
  expect(rules(good, envelope({}, [address]))).toEqual(expected);
});

it('distinguishes a host name from other words', () => {
  const names = ['a.bc', 'mail.example.test', 'xn--bcher-kva.example', '[127.0.0.1]', '[IPv6:::1]', 'a.bc.'];
  const others = ['laptop', 'localhost', '127.0.0.1', '[bogus]', 'a..b', '-a.test', 'under_score.test', ''];
  expect(names.filter((name) => !isHostName(name))).toEqual([]);
  expect(others.filter(isHostName)).toEqual([]);
});
