/** Tests of charsets: all registered labels, stateful charsets cut at every offset, and text without a label. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeCharset, isKnownCharset } from '../../server/message/charset/index.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { LABELLED, NOT_DECODED } from './charset-labels.ts';

const hex = (octets: string): Buffer => Buffer.from(octets, 'hex');
const escaped = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('labels of the registries', () => {
  it.each(LABELLED)('%s is decoded under each of its labels', (text, octets, labels) => {
    const wrong = labels
      .split(' ')
      .filter((label) => decodeCharset(hex(octets), label) !== text || !isKnownCharset(label));
    expect(wrong).toEqual([]);
  });

  it('reports a defect for each charset that cannot be decoded, and the documentation lists it', () => {
    const document = readFileSync(path.join(import.meta.dirname, '../../docs/message.md'), 'utf8');
    const names = NOT_DECODED.map((labels) => labels.split(' ')[0] ?? '');
    expect(names.filter((name) => !document.includes(`\`${name}\``))).toEqual([]);
    for (const label of NOT_DECODED.flatMap((labels) => labels.split(' '))) {
      const raw = escaped(`Content-Type: text/plain; charset="${label}"\r\n\r\nx`);
      const codes = parseStructure(raw).defects.map(({ code }) => code);
      expect([label, codes]).toEqual([
        label,
        label.toLowerCase().includes('unknown') ? [] : ['unknown-charset'],
      ]);
    }
  });
});

describe('odd labels', () => {
  it.each([
    ['"utf8"', 'ä'],
    ['UTF8', 'ä'],
    ['_utf-8', 'ä'],
    ["'utf-8'", 'ä'],
    ['charset=utf-8;', 'ä'],
    ['utf-8; format=flowed', 'ä'],
    ['utf-8,iso-8859-1', 'ä'],
    ['UTF-8:', 'ä'],
    ['unknown-8bit', 'ä'],
    ['default', 'ä'],
    ['x-unknown', 'ä'],
    ['x-user-defined', 'ä'],
    ['ansi_x3.110-1983', 'ä'],
    ['', 'ä'],
  ])('%j is read as UTF-8', (label, text) => {
    expect(decodeCharset(Buffer.from(text), label)).toBe(text);
  });

  it.each([
    ['cp-850', '84', 'ä'],
    ['IBM-850', '84', 'ä'],
    ['iso8859_2', 'b1', 'ą'],
    ['8859-2', 'b1', 'ą'],
    ['x-iso-8859-2', 'b1', 'ą'],
    ['windows-1251', 'cf', 'П'],
    ['ANSI-1251', 'cf', 'П'],
    ['x-windows-949', '8141', '갂'],
    ['uhc', '8141', '갂'],
    ['x-gbk', 'c4e3', '你'],
    ['cp54936', 'c4e3', '你'],
    ['unknown-8bit', 'e4', 'ä'],
    ['ansi_x3.110-1983', 'e4', 'ä'],
    ['unicode-1-1-utf-7', '2b414f512d', 'ä'],
    ['utf-7', '612b2d62', 'a+b'],
  ])('%j', (label, octets, text) => {
    expect(decodeCharset(hex(octets), label)).toBe(text);
  });

  it.each([
    'base64',
    'hex',
    'binary',
    'internal',
    'utf7imap',
    'utf-7-imap',
    '_sbcs',
    'constructor',
    '__proto__',
  ])('%j selects no codec', (label) => {
    expect(isKnownCharset(label)).toBe(false);
    expect(decodeCharset(Buffer.from('YWJj &AOQ-'), label)).toBe('YWJj &AOQ-');
  });
});

describe('a byte order mark', () => {
  it.each([
    ['efbbbfc3a4', 'iso-8859-1'],
    ['fffee400', 'utf-8'],
    ['feff00e4', 'us-ascii'],
    ['fffe0000e4000000', ''],
    ['0000feff000000e4', 'utf-16'],
    ['84319533a8a6', 'gb2312'],
  ])('%s determines the encoding regardless of the label %j', (octets, label) => {
    expect(decodeCharset(hex(octets), label)).toBe(octets.startsWith('8431') ? 'é' : 'ä');
  });
});

const JIS = '\x1b$B%F%9%H\x1b(B';

describe('ISO 2022', () => {
  it.each<[string, string, string]>([
    ['two escape sequences in a row', JIS + JIS, 'テストテスト'],
    ['the older JIS set', '\x1b$@%F\x1b(J', 'テ'],
    ['JIS X 0201 kana', '\x1b(I1\x1b(B a', 'ｱ a'],
    ['kana after SO', '\x0e1\x0f a', 'ｱ a'],
    ['kana with the eighth bit', JIS + '\xb1', 'テストｱ'],
    ['JIS X 0212', '\x1b$(D0!\x1b(B', '丂'],
    ['NEC row 13', '\x1b$B-!\x1b(B', '①'],
    ['JIS X 0213 plane 1, where JIS X 0208 has the character', '\x1b$(Q%F\x1b(B', 'テ'],
    ['GB 2312 of ISO-2022-JP-2', '\x1b$A<z\x1b(B', '贱'],
    ['KS C 5601 of ISO-2022-JP-2', '\x1b$(C0!\x1b(B', '가'],
    ['Latin-1 of ISO-2022-JP-2', 'caf\x1b.A\x1bNi', 'café'],
    ['Greek of ISO-2022-JP-2', '\x1b.F\x1bNa', 'α'],
    ['a revision of a set', '\x1b&@\x1b$B%F\x1b(B', 'テ'],
    ['a line that no escape sequence ends', '\x1b$B%F\nplain', 'テ\nplain'],
    ['half a character', '\x1b$B%', '\ufffd'],
    ['half a character before an escape sequence', '\x1b$B%\x1b(Ba', '\ufffda'],
    ['a cell without a character', '\x1b$B)!\x1b(B', '\ufffd'],
    ['Korean', '\x1b$)C\x0e0!\x0f a', '가 a'],
    ['Korean, designated again', '\x1b$)C\x0e0!\x1b$)C a', '가 a'],
    ['CNS 11643 plane 1', '\x1b$)G\x0eDc\x0f', '中'],
    ['CNS 11643 plane 2', '\x1b$*H\x1bN!!', '乂'],
    ['an escape sequence of another kind', '\x1b[1mx', '\x1b[1mx'],
  ])('%s', (_, text, expected) => {
    for (const label of ['iso-2022-jp', 'ISO-2022-KR', 'cp50221', 'iso-2022-jp-ms', 'iso-2022-jp-2004']) {
      expect(decodeCharset(escaped(text), label)).toBe(expected);
    }
  });

  it('decodes the beginning of the text if it is cut at any offset', () => {
    for (const [label, whole, text] of [
      ['iso-2022-jp', `a${JIS}b${JIS}`, 'aテストbテスト'],
      ['iso-2022-kr', '\x1b$)Ca\x0e0!0!\x0fb\x0e0!\x0f', 'a가가b가'],
      ['hz-gb-2312', 'a~{VPND~}b~~c~{VP~}', 'a中文b~c中'],
      ['euc-jp', 'a\xa4\xa2\xa4\xa2b', 'aああb'],
      ['gb18030', 'a\x81\x30\x84\x36b\xc4\xe3', 'a¥b你'],
      ['utf-16le', 'a\0\xe4\0', 'aä'],
      ['utf-8', 'a\xf0\x9f\x98\x80b', 'a😀b'],
      ['utf-7', 'a+AOQA5A-b', 'aääb'],
    ] as const) {
      const bytes = escaped(whole);
      for (let end = 0; end <= bytes.length; end++) {
        const part = decodeCharset(bytes.subarray(0, end), label, { cut: true });
        expect([label, end, text.startsWith(part)]).toEqual([label, end, true]);
      }
      expect(decodeCharset(bytes, label)).toBe(text);
    }
  });
});

describe('HZ', () => {
  it.each([
    ['~{<:Ky2;~}', '己所不'],
    ['a ~~ b', 'a ~ b'],
    ['one~\ntwo', 'onetwo'],
    ['~{VP\nplain', '中\nplain'],
    ['~{VP~}~{ND~}', '中文'],
  ])('%j', (text, expected) => {
    expect(decodeCharset(escaped(text), 'HZ-GB-2312')).toBe(expected);
  });
});

describe('text without a charset label', () => {
  it.each(['', 'us-ascii', 'unknown-8bit', 'iso-8859-1'])(
    'is decoded as ISO-2022-JP if it has its escape sequences (%j)',
    (label) => {
      expect(decodeCharset(escaped(`a${JIS}b`), label)).toBe('aテストb');
    },
  );

  it('is decoded in the charset that the message names elsewhere, if the bytes are valid in it', () => {
    const gbk = escaped('\xc4\xe3\xba\xc3');
    expect(decodeCharset(gbk, '', { fallback: 'gb2312' })).toBe('你好');
    expect(decodeCharset(gbk, 'iso-8859-1', { fallback: 'gb2312' })).toBe('ÄãºÃ');
    expect(decodeCharset(Buffer.from('你好'), '', { fallback: 'gb2312' })).toBe('你好');
    expect(decodeCharset(escaped('na\xefve'), '', { fallback: 'shift_jis' })).toBe('naïve');
  });
});
