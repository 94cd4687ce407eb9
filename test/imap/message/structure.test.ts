import { describe, expect, it } from 'vitest';
import { Decoder } from '../../../server/imap/wire/decoder.ts';
import {
  applyPartial,
  parseSectionSpec,
  sectionLabel,
  sectionOctets,
} from '../../../server/imap/message/section.ts';
import { encodeStructure, parameterPairs } from '../../../server/imap/message/structure.ts';
import { parseStructure } from '../../../server/message/parse.ts';

const lines = (...text: string[]): Buffer => Buffer.from(text.join('\r\n') + '\r\n');

const nested = lines(
  'From: a@a.test',
  'Subject: outer',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="m"; X-Extra=1',
  '',
  'preamble',
  '--m',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'plain =3D text',
  '--a',
  'Content-Type: text/html',
  '',
  '<p>html</p>',
  '--a--',
  '--m',
  'Content-Type: message/rfc822',
  'Content-Description: the inner one',
  '',
  'From: b@b.test',
  'Subject: inner',
  'Content-Type: multipart/mixed; boundary=i',
  '',
  '--i',
  '',
  'inner text',
  '--i',
  'Content-Type: image/png; name="a b.png"',
  'Content-Transfer-Encoding: base64',
  'Content-ID: <pic@a.test>',
  'Content-Disposition: attachment; filename="a b.png"',
  'Content-Language: en, de',
  'Content-MD5: abc',
  '',
  'AAAA',
  '--i--',
  '--m--',
);

const simple = lines('Subject: simple', '', 'one', 'two');

const structureOf = (raw: Buffer, extended: boolean): string =>
  encodeStructure(raw, parseStructure(raw).root, extended);

describe('BODYSTRUCTURE', () => {
  it('of a message without MIME', () => {
    expect(structureOf(simple, true)).toBe(
      '("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 2 NIL NIL NIL NIL)',
    );
    expect(structureOf(simple, false)).toBe('("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 2)');
  });

  it('of multiparts and messages in messages', () => {
    const inner =
      '(NIL "inner" ((NIL NIL "b" "b.test")) ((NIL NIL "b" "b.test")) ((NIL NIL "b" "b.test")) NIL NIL NIL NIL NIL)';
    expect(structureOf(nested, true)).toBe(
      '((("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 14 0 NIL NIL NIL NIL)' +
        '("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 11 0 NIL NIL NIL NIL)' +
        ' "alternative" ("boundary" "a") NIL NIL NIL)' +
        `("message" "rfc822" NIL NIL "the inner one" "7bit" 313 ${inner} ` +
        '(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 0 NIL NIL NIL NIL)' +
        '("image" "png" ("name" "a b.png") "<pic@a.test>" NIL "base64" 4 "abc" ("attachment" ("filename" "a b.png")) ("en" "de") NIL)' +
        ' "mixed" ("boundary" "i") NIL NIL NIL) 16 NIL NIL NIL NIL)' +
        ' "mixed" ("boundary" "m" "X-Extra" "1") NIL NIL NIL)',
    );
  });

  it('of a multipart without parts has one, as the grammar requires', () => {
    const { root } = parseStructure(simple);
    const empty = { ...root, type: 'multipart', subtype: 'mixed' };
    expect(encodeStructure(simple, empty, false)).toBe('(("text" "plain" NIL NIL NIL "7bit" 0 0) "mixed")');
  });

  it.each([
    ['text/plain', []],
    ['text/plain; charset=utf-8', ['charset', 'utf-8']],
    ['a/b; x="q \\" ; y"; Y=z', ['x', 'q " ; y', 'Y', 'z']],
    ["a/b; name*0*=utf-8''%e2; name*1=b", ['name*0*', "utf-8''%e2", 'name*1', 'b']],
    ['a/b; c = d (comment)', ['c', 'd']],
    ['a/b;;; c=d;', ['c', 'd']],
    ['a/b; "junk"; c="open', ['c', 'open']],
  ])('parses the parameters of %s', (value, expected) => {
    expect(parameterPairs(value)).toEqual(expected);
  });
});

describe('sections', () => {
  const octets = (raw: Buffer, spec: string): string | null => {
    const section = parseSectionSpec(new Decoder({ texts: [Buffer.from(spec)], literals: [] }));
    return sectionOctets(raw, section, () => parseStructure(raw))?.toString() ?? null;
  };

  it.each([
    ['', simple.toString()],
    ['HEADER', 'Subject: simple\r\n\r\n'],
    ['TEXT', 'one\r\ntwo\r\n'],
    ['1', 'one\r\ntwo\r\n'],
    ['1.MIME', 'Subject: simple\r\n\r\n'],
    ['2', null],
    ['1.1', null],
    ['1.HEADER', null],
    ['HEADER.FIELDS (subject x)', 'Subject: simple\r\n\r\n'],
    ['HEADER.FIELDS (x)', '\r\n'],
    ['HEADER.FIELDS.NOT (subject)', '\r\n'],
    ['HEADER.FIELDS.NOT (x)', 'Subject: simple\r\n\r\n'],
  ])('BODY[%s] of a simple message', (spec, expected) => {
    expect(octets(simple, spec)).toBe(expected);
  });

  it.each([
    ['1.1', 'plain =3D text'],
    ['1.2.MIME', 'Content-Type: text/html\r\n\r\n'],
    ['2.1', 'inner text'],
    ['2.2', 'AAAA'],
    ['2.HEADER', 'From: b@b.test\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n'],
    ['2.HEADER.FIELDS (Subject)', 'Subject: inner\r\n\r\n'],
    ['3', null],
    ['1.HEADER', null],
    ['4294967295', null],
  ])('BODY[%s] of a nested one', (spec, expected) => {
    expect(octets(nested, spec)).toBe(expected);
  });

  it('complement each other', () => {
    for (const raw of [simple, nested, lines('no header here'), Buffer.from('A: b'), Buffer.alloc(0)]) {
      expect(`${octets(raw, 'HEADER') ?? ''}${octets(raw, 'TEXT') ?? ''}`).toBe(raw.toString());
    }
  });

  it.each(['MIME', '1.', '.1', 'HEADER.FIELDS', 'HEADER.FIELDS ()', 'FOO', '1.FOO'])('refuses %s', (spec) => {
    expect(() => octets(simple, spec)).toThrow(expect.objectContaining({ kind: 'BAD' }));
  });

  it('are named in responses as in the request', () => {
    const label = (spec: string): string =>
      sectionLabel(parseSectionSpec(new Decoder({ texts: [Buffer.from(spec)], literals: [] })));
    expect(label('')).toBe('[]');
    expect(label('1.2.header.fields (from "To")')).toBe('[1.2.HEADER.FIELDS (from To)]');
  });

  it('are limited to a partial range', () => {
    const text = Buffer.from('0123456789');
    expect(applyPartial(text, { origin: 2, count: 3 }).toString()).toBe('234');
    expect(applyPartial(text, { origin: 8, count: 100 }).toString()).toBe('89');
    expect(applyPartial(text, { origin: 99, count: 1 }).toString()).toBe('');
    expect(applyPartial(text, null).toString()).toBe('0123456789');
  });
});
