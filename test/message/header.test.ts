/** Tests of header fields, encoded words, parameters and charsets. */
import { describe, expect, it } from 'vitest';
import { decodeCharset } from '../../server/message/charset/index.ts';
import {
  decodeWords,
  encodeWords,
  headerText,
  headerValues,
  parseHeaders,
} from '../../server/message/header.ts';
import { parseParameters } from '../../server/message/parameters.ts';
import { parseStructure } from '../../server/message/parse.ts';

describe('fields', () => {
  const fields = (text: string): string[] =>
    parseHeaders(Buffer.from(text)).map(({ name, value }) => `${name}|${value}`);

  it.each([
    ['plain', 'Subject: hello\r\n\r\n', ['Subject|hello']],
    ['no blank after the colon', 'Subject:hello\r\n', ['Subject|hello']],
    ['folded with a blank', 'Subject: a\r\n b\r\n\tc\r\n', ['Subject|a b\tc']],
    ['folded, bare LF', 'Subject: a\n b\n', ['Subject|a b']],
    ['folded right after the name', 'Subject:\r\n a\r\n', ['Subject|a']],
    ['an empty value', 'Subject:\r\nTo: x\r\n', ['Subject|', 'To|x']],
    ['blanks before the colon', 'Subject : a\r\n', ['Subject|a']],
    ['repeated', 'A: 1\r\na: 2\r\n', ['A|1', 'a|2']],
    ['a colon in the value', 'A: b: c\r\n', ['A|b: c']],
    ['no field in between', 'A: 1\r\nnonsense\r\nB: 2\r\n\r\n', ['A|1', 'B|2']],
    ['a blank in the name', 'A B: 1\r\nC: 2\r\n\r\n', ['C|2']],
    ['a line of blanks folds', 'A: 1\r\n \r\n 2\r\n\r\n', ['A|1  2']],
    ['UTF-8', 'Subject: häß\r\n', ['Subject|häß']],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(fields(text)).toEqual(expected);
  });

  it('decodes bytes that are not UTF-8 as Latin-1 and reports a defect', () => {
    const { root, defects } = parseStructure(Buffer.from('Subject: h\xe4\xdf\r\n\r\n', 'latin1'));
    expect(headerValues(root, 'SUBJECT')).toEqual(['häß']);
    expect(defects).toMatchObject([{ code: 'header-not-utf8', offset: 0 }]);
  });

  it('decodes raw bytes in the charset of the Content-Type, and ISO-2022-JP by its escape sequences', () => {
    const read = (text: string): readonly string[] =>
      headerValues(parseStructure(Buffer.from(text, 'latin1')).root, 'Subject');
    expect(read('Subject: \xc4\xe3\xba\xc3\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n')).toEqual([
      '你好',
    ]);
    expect(read('Subject: na\xefve \x80\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n')).toEqual([
      'naïve €',
    ]);
    expect(read('Subject: \x1b$B%F%9\r\n %H\x1b(B\r\n\r\n')).toEqual(['テス ト']);
    expect(read('Subject: \x1b$B%F%9\x1b(B\r\n \x1b$B%H\x1b(B\r\n\r\n')).toEqual(['テス ト']);
  });

  it('returns the offsets of each field, including its line ending', () => {
    const raw = Buffer.from('A: 1\r\nB: 2\r\n 3\r\n\r\n');
    expect(parseHeaders(raw).map(({ start, end }) => raw.toString('latin1', start, end))).toEqual([
      'A: 1\r\n',
      'B: 2\r\n 3\r\n',
    ]);
  });

  it('decodes the first field with a given name', () => {
    const { root } = parseStructure(Buffer.from('Subject: =?utf-8?Q?=C3=A4?=\r\nSubject: b\r\n\r\n'));
    expect(headerText(root, 'subject')).toBe('ä');
    expect(headerText(root, 'x-none')).toBeNull();
  });
});

describe('encoded words', () => {
  it.each([
    // Examples of RFC 2047 §8.
    ['=?ISO-8859-1?Q?a?=', 'a'],
    ['=?ISO-8859-1?Q?a?= b', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a?=  \t =?ISO-8859-1?Q?b?=', 'ab'],
    ['=?ISO-8859-1?Q?a_b?=', 'a b'],
    ['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
    ['=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>', 'Keith Moore <moore@cs.utk.edu>'],
    [
      '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
      'If you can read this you understand the example.',
    ],
    ['=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=', 'םולש ןב ילטפנ'],
    // Example of RFC 2231 §5.
    ['=?US-ASCII*EN?Q?Keith_Moore?=', 'Keith Moore'],
    // Characters that are split between encoded words.
    ['=?utf-8?B?8J+Y?= =?utf-8?B?gA==?=', '😀'],
    ['=?UTF-8?Q?=F0=9F?= =?utf-8?Q?=98=80?=', '😀'],
    // Forms that occur in real mail.
    ['=?utf-8?q?=c3=a4?=', 'ä'],
    ['=?utf-8?Q?a b?=', 'a b'],
    ['=?utf-8?Q?what??=', 'what?'],
    ['=?utf-8?Q??=', ''],
    ['pre=?utf-8?Q?mid?=post', 'premidpost'],
    ['=?iso-2022-jp?B?GyRCJF4kXyRgJGEkYhsoQg==?=', 'まみむめも'],
    ['=?koi8-r?B?8NLJ18XU?=', 'Привет'],
    ['=?gb2312?B?xOO6ww==?=', '你好'],
    ['=?windows-1252?Q?=80?=', '€'],
    ['=?x-unknown?Q?=C3=A4?=', 'ä'],
    ['=?no-such-charset?Q?=E4?=', 'ä'],
    ['=?utf-8?B?YQ?=', 'a'],
    // Complete words of a stateful charset, each of which ends in ASCII.
    ['=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=', 'テストテスト'],
    ['=?iso-2022-jp-ms?B?GyRCN29MPiVGJTklSBsoQg==?=', '件名テスト'],
    ['=?csISO2022JP?B?GyRCJUY=?= =?iso-2022-jp?B?JTkbKEI=?=', 'テス'],
    ['=?hz-gb-2312?Q?~{VP~}?= =?HZ?Q?~{ND~}?=', '中文'],
    ['=?utf-7?Q?+AOQ?= =?utf-7?Q?abc?=', 'äabc'],
    ['=?utf-16?B?/v8A5A==?= =?utf-16?B?/v8A9g==?=', 'äö'],
    // Two names of the same charset.
    ['=?utf-8?B?8J+Y?= =?UTF8?B?gA==?=', '😀'],
    // Truncated words: without padding, without `?=`, at the end, before the next word or before an address.
    ['=?utf-8?B?YcOk', 'aä'],
    ['=?utf-8?Q?a=C3=A4', 'aä'],
    ['=?utf-8?Q?a=C3=A4?', 'aä'],
    ['=?utf-8?B?YcOk =?utf-8?B?YcOk?=', 'aäaä'],
    ['=?utf-8?Q?J=C3=B6rg <j@x.test>', 'Jörg <j@x.test>'],
    ['=?utf-8?B?YcOk?= =?utf-8?B?Yc', 'aäa'],
    ['"=?utf-8?Q?a,_b?="', '"a, b"'],
    // Text that is not an encoded word.
    ['=?utf-8?X?a?=', '=?utf-8?X?a?='],
    ['=?utf-8?Q?open word', '=?utf-8?Q?open word'],
    ['=?utf-8', '=?utf-8'],
    ['=?utf-8?B?', '=?utf-8?B?'],
    ['a =? b ?= c', 'a =? b ?= c'],
    ['plain', 'plain'],
  ])('%s', (value, expected) => {
    expect(decodeWords(value)).toBe(expected);
  });

  it('decodes the words that it encodes, which have at most 75 octets', () => {
    const text = 'Grüße aus 東京 😀 '.repeat(20);
    expect(decodeWords(encodeWords(text))).toBe(text);
    expect(
      Math.max(
        ...encodeWords(text)
          .split(' ')
          .map((word) => word.length),
      ),
    ).toBeLessThanOrEqual(75);
    expect(encodeWords('plain')).toBe('plain');
  });
});

describe('parameters', () => {
  it.each([
    ['text/plain', 'text/plain', {}],
    ['text/plain; charset=utf-8', 'text/plain', { charset: 'utf-8' }],
    ['text/plain;charset="utf-8";format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['text/plain; CHARSET=us-ascii (Plain text)', 'text/plain', { charset: 'us-ascii' }],
    ['text/plain (comment; with=semicolon); a=b', 'text/plain', { a: 'b' }],
    ['a/b; name="x;y=z"', 'a/b', { name: 'x;y=z' }],
    ['a/b; name="say \\"hi\\""', 'a/b', { name: 'say "hi"' }],
    ['a/b; name="C:\\dir\\file"', 'a/b', { name: 'C:\\dir\\file' }],
    ['a/b; name=my file.pdf', 'a/b', { name: 'my file.pdf' }],
    ['a/b; name="open', 'a/b', { name: 'open' }],
    // Missing or wrong separators.
    ['text/html charset=utf-8', 'text/html', { charset: 'utf-8' }],
    ['multipart/mixed boundary=x', 'multipart/mixed', { boundary: 'x' }],
    ['multipart/mixed, boundary="x"', 'multipart/mixed', { boundary: 'x' }],
    ['text/plain; charset=utf-8 format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['text/plain, charset=utf-8, format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['text/plain; charset="utf-8" format="flowed"', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['text/plain; charset="utf-8; format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
    ['attachment filename=a b=c, d.pdf', 'attachment', { filename: 'a b=c, d.pdf' }],
    [
      'multipart/mixed; boundary=----=_Part_1:2/3?(4)',
      'multipart/mixed',
      { boundary: '----=_Part_1:2/3?(4)' },
    ],
    ['multipart/mixed; boundary=a b', 'multipart/mixed', { boundary: 'a b' }],
    ['multipart/mixed; boundary=', 'multipart/mixed', { boundary: '' }],
    ['a/b; name==?utf-8?Q?a;b?=; x=1', 'a/b', { name: '=?utf-8?Q?a;b?=', x: '1' }],
    ["a; f*1=b; f*0*=utf-8''%C3%A4; f*2*=%C3%B6; f*1=c", 'a', { f: 'äbö' }],
    ["a; f*0*=iso-2022-jp''%1B$B%25F; f*1*=%259%1B(B", 'a', { f: 'テス' }],
    ['a/b;; ; a=1;', 'a/b', { a: '1' }],
    ['a/b; a=1; a=2', 'a/b', { a: '1' }],
    ['a/b; nothing; a=1', 'a/b', { a: '1' }],
    ['a/b; a = 1', 'a/b', { a: '1' }],
    // Examples of RFC 2231 §3, §4 and §4.1.
    [
      'message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub"',
      'message/external-body',
      { 'access-type': 'URL', url: 'ftp://cs.utk.edu/pub' },
    ],
    [
      "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
      'application/x-stuff',
      { title: 'This is ***fun***' },
    ],
    [
      `application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2="isn't it!"`,
      'application/x-stuff',
      { title: "This is even more ***fun*** isn't it!" },
    ],
    ["a; f*1*=%A4; f*0*=utf-8''%C3", 'a', { f: 'ä' }],
    ["a; filename=old.txt; filename*=utf-8''n%C3%ABw.txt", 'a', { filename: 'nëw.txt' }],
    ["a; filename*=UTF-8''100%", 'a', { filename: '100%' }],
    ['a; f*=plain', 'a', { f: 'plain' }],
    ['a; __proto__=x; constructor=y', 'a', { ['__proto__']: 'x', constructor: 'y' }],
  ])('%s', (text, value, parameters) => {
    const parsed = parseParameters(text);
    expect(parsed.value).toBe(value);
    expect(Object.entries(parsed.parameters).sort()).toEqual(Object.entries(parameters).sort());
  });
});

describe('character sets', () => {
  it.each([
    ['', Buffer.from('ä'), 'ä'],
    ['', Buffer.from([0xe4]), 'ä'],
    ['us-ascii', Buffer.from('ä'), 'ä'],
    ['ISO-8859-1', Buffer.from([0x93, 0xe4, 0x94]), '“ä”'],
    ['iso-8859-15', Buffer.from([0xa4]), '€'],
    ['cp437', Buffer.from([0x84]), 'ä'],
    ['macintosh', Buffer.from([0x8a]), 'ä'],
    ['windows-1251', Buffer.from([0xcf]), 'П'],
    ['utf-16le', Buffer.from('ä', 'utf16le'), 'ä'],
    ['utf-7', Buffer.from('+AOQ-'), 'ä'],
    ['shift_jis', Buffer.from([0x82, 0xa0]), 'あ'],
    ['x-sjis', Buffer.from([0x82, 0xa0]), 'あ'],
    ['euc-jp', Buffer.from([0xa4, 0xa2]), 'あ'],
    ['iso-2022-jp', Buffer.from('\x1b$B$"\x1b(B'), 'あ'],
    ['big5', Buffer.from([0xa7, 0x41]), '你'],
    ['gb18030', Buffer.from([0xc4, 0xe3]), '你'],
    ['ks_c_5601-1987', Buffer.from([0xb0, 0xa1]), '가'],
    ['utf-8', Buffer.from([0xff, 0x61]), '\ufffda'],
    ['base64', Buffer.from('abc'), 'abc'],
    ['hex', Buffer.from('abc'), 'abc'],
    ['no such thing', Buffer.from('abc'), 'abc'],
    ['"utf-8"', Buffer.from('ä'), 'ä'],
  ])('%s', (label, bytes, expected) => {
    expect(decodeCharset(bytes, label)).toBe(expected);
  });
});
