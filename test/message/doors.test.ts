/**
 * Tests that all interfaces interpret a message alike: the detail, preview and text of REST, the search of REST and
 * of IMAP, ENVELOPE and BODYSTRUCTURE, for messages in many charsets, encodings and structures.
 */
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { fold } from '../../server/store/find/language/fold.ts';
import { encodeEnvelope } from '../../server/imap/message/envelope.ts';
import { LoadedMessage } from '../../server/imap/message/message-cache.ts';
import { charsetNamed } from '../../server/imap/search/key.ts';
import { SearchedMessage } from '../../server/imap/search/searched-message.ts';
import { parameterPairs } from '../../server/imap/message/structure.ts';
import { readContent } from '../../server/message/content.ts';
import { decodeWords } from '../../server/message/header.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { searchText } from '../../server/message/search-text.ts';
import { summarize } from '../../server/message/summary.ts';

const ENVELOPE = { from: { address: '', parameters: {} }, to: [] };
const line = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Encodes a text in JIS X 0208 by way of EUC-JP, in the form that mail programs write. */
function encodeIso2022(text: string, escape: string, eucCodec: string, shifted: boolean): Buffer {
  const pieces = shifted ? [escape] : [];
  for (const run of text.match(/[\0-\x7f]+|[^\0-\x7f]+/g) ?? []) {
    const octets = iconv.encode(run, eucCodec);
    if ((octets[0] ?? 0) < 0x80) pieces.push(run);
    else {
      const seven = Buffer.from(octets.map((octet) => octet & 0x7f)).toString('latin1');
      pieces.push(shifted ? `\x0e${seven}\x0f` : `${escape}${seven}\x1b(B`);
    }
  }
  return Buffer.from(pieces.join(''), 'latin1');
}

interface Charset {
  readonly label: string;
  readonly letters: string;
  readonly encode: (text: string) => Buffer;
}

const byIconv = (label: string, letters: string, codec = label): Charset => ({
  label,
  letters,
  encode: (text) => iconv.encode(text, codec),
});

const CHARSETS: readonly Charset[] = [
  byIconv('utf-8', 'äß東京😀é'),
  byIconv('iso-8859-1', 'äöüßéñ', 'windows-1252'),
  byIconv('windows-1251', 'Приветмир'),
  byIconv('iso-8859-2', 'ąćęłńóśźż'),
  byIconv('koi8-r', 'Приветмир'),
  byIconv('shift_jis', '日本語テスト表'),
  byIconv('euc-jp', '日本語テスト表'),
  byIconv('gb2312', '汉字中文测试', 'gb18030'),
  byIconv('big5', '中文測試郵件'),
  byIconv('euc-kr', '한국어시험', 'cp949'),
  byIconv('ks_c_5601-1987', '한국어시험', 'cp949'),
  byIconv('x-windows-949', '갂갃한', 'cp949'),
  byIconv('UTF-16BE', 'äß東京', 'utf-16be'),
  byIconv('utf-7', 'äß東京'),
  {
    label: 'csISO2022JP',
    letters: '日本語テスト',
    encode: (text) => encodeIso2022(text, '\x1b$B', 'eucjp', false),
  },
  {
    label: 'cp50221',
    letters: '日本語テスト',
    encode: (text) => encodeIso2022(text, '\x1b$B', 'eucjp', false),
  },
  {
    label: 'iso-2022-kr',
    letters: '한국어시험',
    encode: (text) => encodeIso2022(text, '\x1b$)C', 'cp949', true),
  },
];

const ENCODINGS = ['8bit', 'base64', 'quoted printable', 'Base-64', 'quoted-printable'] as const;

function encodeBody(bytes: Buffer, encoding: (typeof ENCODINGS)[number]): string {
  if (encoding === '8bit') return bytes.toString('latin1');
  if (/base/i.test(encoding)) return bytes.toString('base64').replace(/.{76}/g, '$&\r\n');
  const escaped = Array.from(bytes, (octet) => `=${octet.toString(16).padStart(2, '0').toUpperCase()}`);
  return escaped.map((unit, at) => (at % 20 === 19 ? `${unit}=\r\n` : unit)).join('');
}

type Shape = 'single' | 'mixed' | 'alternative' | 'html';

interface Sample {
  readonly charset: Charset;
  readonly encoding: (typeof ENCODINGS)[number];
  readonly shape: Shape;
  /** Number of characters of the subject per encoded word. */
  readonly split: number;
  readonly text: string;
  readonly subject: string;
}

const message: fc.Arbitrary<Sample> = fc
  .record({
    charset: fc.constantFrom(...CHARSETS),
    encoding: fc.constantFrom(...ENCODINGS),
    shape: fc.constantFrom<Shape>('single', 'mixed', 'alternative', 'html'),
    split: fc.integer({ min: 1, max: 12 }),
    seed: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 12 }),
    words: fc.array(fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 6 }), {
      minLength: 1,
      maxLength: 60,
    }),
  })
  .map(({ charset, encoding, shape, split, seed, words }) => {
    const letters = Array.from(charset.letters);
    const word = (at: readonly number[]): string =>
      at.map((index) => letters[index % letters.length]).join('');
    const text = words.map((one, at) => word(one) + (at % 7 === 6 ? '.' : '')).join(' ');
    const subject = `${word(seed)}, ${word([...seed].reverse())}`;
    return { charset, encoding, shape, split, text, subject };
  });

/** Returns the encoded words of a text, which is split into pieces of `size` characters. */
function encodedWords({ label, encode }: Charset, text: string, size: number): string {
  const letters = Array.from(text);
  const words: string[] = [];
  for (let at = 0; at < letters.length; at += size) {
    const octets = encode(letters.slice(at, at + size).join(''));
    words.push(`=?${label}?B?${octets.toString('base64')}?=`);
  }
  return words.join('\r\n ');
}

function build({ charset, encoding, shape, split, text, subject }: Sample): Buffer {
  // UTF-16 contains NUL and line ending octets, so only a body in base64 or quoted-printable can contain it.
  const wide = /utf-16/i.test(charset.label);
  const transfer = wide && encoding === '8bit' ? 'base64' : encoding;
  const part = (subtype: string, content: string): string =>
    `Content-Type: text/${subtype}; charset="${charset.label}"\r\nContent-Transfer-Encoding: ${transfer}\r\n\r\n` +
    encodeBody(charset.encode(content), transfer);
  const html = part('html', `<p>${text}</p>`);
  const bodies: Readonly<Record<Shape, string>> = {
    single: part('plain', text),
    html,
    mixed: `Content-Type: multipart/mixed boundary=b\r\n\r\n--b\r\n${html}\r\n--b\r\n${part('plain', text)}\r\n--b--`,
    alternative: `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n${part('plain', text)}\r\n--b\r\n${html}\r\n--b--`,
  };
  const words = encodedWords(charset, subject, split);
  const head = `Subject: ${words}\r\nFrom: ${words} <a@x.test>\r\nTo: b@x.test\r\n`;
  return Buffer.from(head + bodies[shape], 'latin1');
}

describe('a message in any character set', () => {
  it('has the same subject, sender and text in every interface', () => {
    fc.assert(
      fc.property(message, (sample) => {
        const { text, subject, shape } = sample;
        const raw = build(sample);
        const structure = parseStructure(raw);
        const summary = summarize(raw, structure, ENVELOPE);
        const content = readContent(raw, structure);
        expect(summary.subject).toBe(subject);
        expect(summary.from).toEqual([{ name: subject, address: 'a@x.test' }]);
        const read = shape === 'html' ? content.html : content.text;
        expect(line(read ?? '')).toContain(text);
        if (shape !== 'single') expect(content.html).toContain(text);
        expect(line(shape === 'mixed' ? `${text} ${text}` : text).startsWith(summary.preview)).toBe(true);
        expect(summary.preview.length).toBeGreaterThanOrEqual(Math.min(200, text.length) - 1);
        expect(line(searchText(raw, structure))).toContain(text);

        const header = raw.subarray(0, structure.root.bodyStart);
        const searched = new SearchedMessage(new LoadedMessage(raw));
        expect(searched.text).toContain(fold(text));
        expect(searched.header).toContain(`subject: ${fold(subject)} from: ${fold(subject)} <a@x.test>`);
        const envelope = encodeEnvelope(header);
        const [, quoted = ''] = /^\(NIL "([^"]*)"/.exec(envelope) ?? [];
        expect(decodeWords(quoted)).toBe(subject);
        expect(decodeWords(/\(\("([^"]*)" NIL "a" "x\.test"\)\)/.exec(envelope)?.[1] ?? '')).toBe(subject);
      }),
      { numRuns: 200 },
    );
  });

  it('is found by IMAP SEARCH in the charset of the message', () => {
    for (const { label, letters, encode } of CHARSETS)
      expect(charsetNamed(label)?.(encode(letters))).toBe(letters);
  });
});

describe('parameters', () => {
  it('are the same in BODYSTRUCTURE and in the parsed tree', () => {
    const separator = fc.constantFrom(';', '; ', ' ', ', ', ' ;\t', ';;');
    const value = fc.constantFrom('x', '"x y"', '"a;b"', '"a\\"b"', 'a=b', '=?utf-8?Q?a;b?=');
    const name = fc.constantFrom('charset', 'boundary', 'name', 'format', 'type', 'filename');
    fc.assert(
      fc.property(fc.array(fc.tuple(separator, name, value), { maxLength: 4 }), (list) => {
        const written = `text/plain${list.map(([before, key, text]) => `${before}${key}=${text}`).join('')}`;
        const { root } = parseStructure(Buffer.from(`Content-Type: ${written}\r\n\r\n`));
        const pairs = parameterPairs(written);
        const first: Record<string, string> = {};
        for (let at = 0; at < pairs.length; at += 2) first[pairs[at] ?? ''] ??= pairs[at + 1] ?? '';
        expect({ ...root.parameters }).toEqual(first);
      }),
    );
  });
});
