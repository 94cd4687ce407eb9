/** Tests of the spellings that name the same mailbox, in the server and in the SDK. */
import { describe, expect, it } from 'vitest';
import { addressKey } from '../../contract/text/address.ts';
import {
  addressSpellings,
  asciiDomain,
  canonicalAddress,
  canonicalGlob,
} from '../../server/message/canonical-address.ts';

const UE = 'u\u0308';

/** Rows with the canonical form of an address, followed by other spellings of the same mailbox. */
const same: readonly (readonly [string, ...string[]])[] = [
  ['ann@x.test', 'Ann@X.Test', ' ann@x.test ', '"ann"@x.test', 'ann@x.test.'],
  [
    'kunde@bücher.test',
    'kunde@xn--bcher-kva.test',
    'KUNDE@XN--BCHER-KVA.TEST',
    'kunde@BÜCHER.test',
    `kunde@b${UE}cher.test`,
    'kunde@bücher。test',
    'kunde@bücher．test',
    'kunde@bücher｡test.',
    'kunde@ｂücher.test',
  ],
  ['jörg@x.test', 'JÖRG@x.test', 'jo\u0308rg@x.test', 'JO\u0308RG@X.test'],
  ['νίκος@παράδειγμα.test', 'ΝΊΚΟΣ@ΠΑΡΆΔΕΙΓΜΑ.test', 'νίκος@xn--hxajbheg2az3al.test'],
  ['a@bücher.bücher.test', 'a@xn--bcher-kva.bücher.test', 'a@bücher.xn--bcher-kva.test'],
  ['i\u0307lke@x.test', '\u0130lke@x.test', 'I\u0307LKE@x.test'],
  ['a@faß.test', 'a@xn--fa-hia.test'],
  ['postmaster', 'PostMaster'],
  ['a@[ipv6:::1]', 'a@[IPv6:::1]'],
];

/** Pairs of similar addresses that name different mailboxes. */
const different = [
  ['a@faß.test', 'a@fass.test'],
  ['a@bücher.test/x', 'a@bücher.test'],
  ['a@bücher.test?x', 'a@bücher.test'],
  ['a@bücher.test:25', 'a@bücher.test'],
  ['a@bücher%2etest', 'a@bücher.test'],
  ['"a b"@x.test', 'ab@x.test'],
  ['bob+1@x.test', 'bob@x.test'],
  ['straße@x.test', 'strasse@x.test'],
  ['a@xn--zzzz-.test', 'a@zzzz.test'],
] as const;

describe('canonical addresses', () => {
  it.each(same)('%s', (canonical, ...others) => {
    for (const spelling of [canonical, ...others]) {
      expect(canonicalAddress(spelling)).toBe(canonical);
      expect(addressKey(spelling), spelling).toBe(addressKey(canonical));
    }
  });

  it.each(different)('%s is not %s', (one, other) => {
    expect(canonicalAddress(one)).not.toBe(canonicalAddress(other));
    expect(addressKey(one)).not.toBe(addressKey(other));
  });

  it('returns both spellings of an international domain', () => {
    expect(addressSpellings('A@bücher.TEST')).toEqual(['a@bücher.test', 'a@xn--bcher-kva.test']);
    expect(addressSpellings('A@x.test')).toEqual(['a@x.test']);
  });

  it('does not change a domain that IDNA does not allow', () => {
    expect(asciiDomain('bücher.test/x')).toBeNull();
    expect(canonicalAddress('A@XN--A.test')).toBe('a@xn--a.test');
  });

  it('converts the labels of a glob to the form of account names', () => {
    expect(canonicalGlob('*@*.XN--BCHER-KVA。test')).toBe('*@*.bücher.test');
    expect(canonicalGlob('BÜ*.test')).toBe('bü*.test');
    expect(canonicalGlob('Signup@*')).toBe('signup@*');
  });
});
