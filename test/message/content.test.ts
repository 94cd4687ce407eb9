/** Tests of the content of messages: text, HTML, attachments and truncation. */
import { describe, expect, it } from 'vitest';
import { MAX_BODY } from '../../server/message/body-text.ts';
import { readContent, type MessageContent } from '../../server/message/content.ts';
import { unflow } from '../../server/message/flowed.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { decodedSize, decodePart, partAt } from '../../server/message/part.ts';
import { searchText } from '../../server/message/search-text.ts';
import { summarize } from '../../server/message/summary.ts';

const read = (raw: Buffer): MessageContent => readContent(raw, parseStructure(raw));
const ENVELOPE = { from: { address: '', parameters: {} }, to: [] };
const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));

describe('text and HTML', () => {
  it.each([
    ['plain', 'A: b\n\nHello\nthere\n', 'Hello\nthere\n'],
    [
      'quoted-printable',
      'Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nH=E4l=\nlo',
      'Hällo',
    ],
    [
      'base64',
      `Content-Transfer-Encoding: base64\n\n${Buffer.from('Hällo 東京').toString('base64')}`,
      'Hällo 東京',
    ],
    ['8-bit UTF-8 without a charset', 'A: b\n\nHällo', 'Hällo'],
    ['an unknown charset', 'Content-Type: text/plain; charset=no-such\n\nHällo', 'Hällo'],
    ['a charset with a hostile label', 'Content-Type: text/plain; charset="a\\"b: c"\n\nHällo', 'Hällo'],
    ['flowed', 'Content-Type: text/plain; format=flowed\n\none \ntwo\n', 'one two\n'],
    ['flowed with DelSp', 'Content-Type: text/plain; format=flowed; delsp=yes\n\non \ne\n', 'one\n'],
    [
      'several parts',
      'Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--',
      'one\ntwo',
    ],
    ['empty', 'A: b\n\n', ''],
    [
      'a boundary-like line in a single part',
      'A: b\n\n--b\nContent-Type: text/html\n',
      '--b\nContent-Type: text/html\n',
    ],
  ])('%s', (_, text, expected) => {
    const content = read(crlf(text));
    expect(content.text).toBe(expected);
    expect(content.html).toBeNull();
    expect(content.truncated).toBe(false);
  });

  it('decodes Latin-1 bytes without a charset label', () => {
    expect(read(Buffer.from('A: b\r\n\r\nH\xe4llo', 'latin1')).text).toBe('Hällo');
  });

  it('returns the HTML unchanged, with its cid links, and does not convert it to text', () => {
    const html = '<p onclick="x()">Hi <img src="cid:a"></p>';
    const content = read(crlf(`Content-Type: text/html\n\n${html}`));
    expect(content).toMatchObject({ text: null, html });
  });

  it('does not read attachments as text', () => {
    const content = read(crlf('Content-Type: text/plain\nContent-Disposition: attachment\n\nx'));
    expect(content).toMatchObject({ text: null, attachments: [{ part: '1', type: 'text/plain', size: 1 }] });
  });

  it('reports that a body was truncated', () => {
    const content = read(Buffer.concat([Buffer.from('A: b\r\n\r\n'), Buffer.alloc(MAX_BODY + 10, 'x')]));
    expect(content.text).toHaveLength(MAX_BODY);
    expect(content.truncated).toBe(true);
  });

  it('reads many lines and many parts', () => {
    expect(read(crlf(`A: b\n\n${'x\n'.repeat(50_000)}`)).text).toHaveLength(100_000);
    const parts = read(crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(500)}--b--`));
    expect(parts.text).toBe(Array(100).fill('x').join('\n'));
    expect(parts.truncated).toBe(true);
  });
});

describe('transfer encodings', () => {
  it.each([
    ['quoted printable', '=48i', 'Hi'],
    ['Quoted-Printable;', '=48i', 'Hi'],
    ['"quoted-printable"', '=48i', 'Hi'],
    ['quoted-printable (as ever)', '=48i', 'Hi'],
    ['quoted_printable', '=48i', 'Hi'],
    ['Base-64', 'SGk=', 'Hi'],
    ['"base64"', 'SGk=', 'Hi'],
    ['base64;', 'SGk=', 'Hi'],
    ['base64, really', 'SGk=', 'Hi'],
    ['base64 charset=utf-8', 'SGk=', 'Hi'],
    ['(base64) BASE64', 'SGk=', 'Hi'],
    ['8 bit', 'Hi', 'Hi'],
    ['8bits', 'Hi', 'Hi'],
    ['', 'Hi', 'Hi'],
  ])('%j', (written, body, text) => {
    const raw = crlf(`Content-Transfer-Encoding: ${written}\n\n${body}`);
    expect(read(raw).text).toBe(text);
    expect(parseStructure(raw).defects.map(({ code }) => code)).toEqual(
      written === '' ? [] : ['misspelled-encoding'],
    );
  });
});

it('reads plain text that is wrongly labelled as base64', () => {
  const text = 'Nothing of this text\nis encoded at all.\n';
  const raw = crlf(`Content-Transfer-Encoding: base64\n\n${text}`);
  expect(read(raw).text).toBe(text);
  expect(decodedSize(raw, parseStructure(raw).root)).toBe(text.length + 2);
});

describe('HTML without a charset label', () => {
  it.each([
    ['<meta charset="windows-1250">', '\xb9', 'ą'],
    ["<META http-equiv=content-type content='text/html; charset=shift_jis'>", '\x82\xa0', 'あ'],
    ['<meta charset=windows-1250>', '\xc3\xa4', 'ä'],
    ['<meta charset=no-such-charset>', '\xe4', 'ä'],
  ])('is decoded according to its meta element, if it is not UTF-8: %s', (meta, octets, text) => {
    const raw = Buffer.from(`Content-Type: text/html\r\n\r\n<head>${meta}</head>${octets}`, 'latin1');
    expect(read(raw).html).toContain(`</head>${text}`);
  });

  it('is decoded in the charset of another part or of an encoded word', () => {
    const mixed =
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=gb2312\r\n\r\nx\r\n';
    const raw = Buffer.from(`${mixed}--b\r\nContent-Type: text/html\r\n\r\n\xc4\xe3\r\n--b--`, 'latin1');
    expect(read(raw).html).toContain('你');
    const word = Buffer.from('Subject: =?gb2312?B?xOO6ww==?=\r\n\r\n\xc4\xe3', 'latin1');
    expect(read(word).text).toBe('你');
  });
});

describe('text and HTML side by side', () => {
  const PLAIN = 'Content-Type: text/plain\n\nTHE REAL <MESSAGE>';
  const HTML = 'Content-Type: text/html\n\n<p>Footer &amp; more</p>';
  const multipart = (subtype: string, ...parts: string[]): string =>
    `Content-Type: multipart/${subtype}; boundary=${subtype}\n\n${parts.map((part) => `--${subtype}\n${part}\n`).join('')}--${subtype}--`;
  const SHOWN = '<div style="white-space: pre-wrap">THE REAL &lt;MESSAGE&gt;</div>';
  const IMAGE = 'Content-Type: image/png\nContent-ID: <i>\n\nx';

  it.each([
    [
      'text first',
      multipart('mixed', PLAIN, HTML),
      'THE REAL <MESSAGE>\nFooter & more',
      `${SHOWN}\n<p>Footer &amp; more</p>`,
    ],
    [
      'HTML first',
      multipart('mixed', HTML, PLAIN),
      'Footer & more\nTHE REAL <MESSAGE>',
      `<p>Footer &amp; more</p>\n${SHOWN}`,
    ],
    [
      'in a part of their own',
      multipart('report', multipart('mixed', PLAIN, HTML)),
      'THE REAL <MESSAGE>\nFooter & more',
      `${SHOWN}\n<p>Footer &amp; more</p>`,
    ],
    [
      'an alternative and a footer',
      multipart('mixed', multipart('alternative', PLAIN, HTML), 'Content-Type: text/plain\n\n--\nlist'),
      'THE REAL <MESSAGE>\n--\nlist',
      '<p>Footer &amp; more</p>\n<div style="white-space: pre-wrap">--\nlist</div>',
    ],
    [
      'HTML with images, and a footer',
      multipart('mixed', multipart('related', HTML, IMAGE), PLAIN),
      'Footer & more\nTHE REAL <MESSAGE>',
      `<p>Footer &amp; more</p>\n${SHOWN}`,
    ],
    [
      'within one form of an alternative',
      multipart('alternative', PLAIN, multipart('mixed', HTML, HTML)),
      'THE REAL <MESSAGE>',
      '<p>Footer &amp; more</p>\n<p>Footer &amp; more</p>',
    ],
    [
      'an alternative with HTML only, beside text',
      multipart('mixed', multipart('alternative', HTML), PLAIN),
      'Footer & more\nTHE REAL <MESSAGE>',
      `<p>Footer &amp; more</p>\n${SHOWN}`,
    ],
    [
      'HTML and a blank text',
      multipart('mixed', HTML, 'Content-Type: text/plain\n\n\n'),
      'Footer & more\n\n',
      '<p>Footer &amp; more</p>',
    ],
    ['text alone', multipart('mixed', PLAIN, PLAIN), 'THE REAL <MESSAGE>\nTHE REAL <MESSAGE>', null],
    [
      'HTML alone',
      multipart('mixed', HTML, HTML),
      null,
      '<p>Footer &amp; more</p>\n<p>Footer &amp; more</p>',
    ],
    [
      'an attached text',
      multipart('mixed', HTML, `Content-Disposition: attachment\n${PLAIN}`),
      null,
      '<p>Footer &amp; more</p>',
    ],
  ])('%s', (_, message, text, html) => {
    const raw = crlf(message);
    expect(read(raw)).toMatchObject({ text, html });
    const structure = parseStructure(raw);
    const shown = (text ?? 'Footer & more').replace(/\s+/g, ' ').trim();
    expect(shown).toContain(summarize(raw, structure, ENVELOPE).preview);
    expect(searchText(raw, structure)).toContain((text ?? 'Footer & more').split('\n')[0]);
  });
});

describe('uuencoded files in a text', () => {
  const FILE = 'begin 644 cät.txt\n#0V%T\n`\nend\n';
  const raw = crlf(`A: b\n\nbefore\n${FILE}between\n${FILE}after\n`);

  it('are attachments, and the remaining text is the body', () => {
    expect(read(raw)).toMatchObject({
      text: 'before\nbetween\nafter\n',
      attachments: [
        { part: '1.uu1', filename: 'cät.txt', size: 3 },
        { part: '1.uu2', filename: 'cät.txt', size: 3 },
      ],
    });
    const structure = parseStructure(raw);
    expect(decodePart(raw, partAt(structure, '1.uu2')!).toString()).toBe('Cat');
    expect(partAt(structure, '1.uu3')).toBeUndefined();
    expect(summarize(raw, structure, ENVELOPE)).toMatchObject({
      attachments: 2,
      preview: 'before between after',
    });
    expect(searchText(raw, structure)).toBe('before\nbetween\nafter\n\ncät.txt\ncät.txt');
  });

  it.each([
    ['prose', 'begin 644 words of a story\nand more of it\nend\n'],
    ['no end', 'begin 644 cat.txt\n#0V%T\n`\n'],
    ['no mode', 'begin cat.txt\n#0V%T\nend\n'],
    ['not at the beginning of a line', 'x begin 644 cat.txt\n#0V%T\nend\n'],
  ])('are not found in %s', (_, text) => {
    expect(read(crlf(`A: b\n\n${text}`))).toMatchObject({ text, attachments: [] });
  });
});

describe('attachments', () => {
  it('lists name, type, decoded size and content id', () => {
    const { attachments } = read(
      crlf(`Content-Type: multipart/mixed; boundary=b

--b
Content-Type: multipart/related; boundary=r

--r
Content-Type: text/html

<img src="cid:logo">
--r
Content-Type: image/png
Content-ID: <logo>
Content-Transfer-Encoding: base64

${Buffer.alloc(1000).toString('base64').replace(/.{76}/g, '$&\n')}
--r--
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf
Content-Transfer-Encoding: quoted-printable

a=3Db
--b--`),
    );
    expect(attachments).toEqual([
      {
        part: '1.2',
        filename: null,
        name: 'part-1.2.png',
        type: 'image/png',
        kind: 'file',
        size: 1000,
        contentId: 'logo',
        location: null,
        inline: true,
      },
      {
        part: '2',
        filename: 'Résumé.pdf',
        name: 'Résumé.pdf',
        type: 'application/pdf',
        kind: 'file',
        size: 3,
        contentId: null,
        location: null,
        inline: false,
      },
    ]);
  });
});

describe('format=flowed (RFC 3676)', () => {
  it.each([
    ['one \ntwo\nthree', 'one two\nthree'],
    ['one \r\ntwo', 'one two'],
    [' stuffed\n >stuffed', 'stuffed\n>stuffed'],
    ['> quoted \n> on\nmine', '> quoted on\nmine'],
    ['>> deep \n> less', '>> deep \n> less'],
    ['text \n-- \nme', 'text \n-- \nme'],
    ['ends \n', 'ends '],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(unflow(text, false)).toBe(expected);
  });
});
