/** Content as people see it: text and HTML through mailparser's guards, attachments, truncation. */
import { describe, expect, it } from 'vitest';
import { MAX_BODY } from '../../server/message/body-text.ts';
import { readContent, type MessageContent } from '../../server/message/content.ts';
import { unflow } from '../../server/message/flowed.ts';
import { parseStructure } from '../../server/message/parse.ts';

const read = (raw: Buffer): Promise<MessageContent> => readContent(raw, parseStructure(raw));
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
  ])('%s', async (_, text, expected) => {
    const content = await read(crlf(text));
    expect(content.text).toBe(expected);
    expect(content.html).toBeNull();
    expect(content.truncated).toBe(false);
  });

  it('reads Latin-1 bytes that nothing labels', async () => {
    expect((await read(Buffer.from('A: b\r\n\r\nH\xe4llo', 'latin1'))).text).toBe('Hällo');
  });

  it('gives HTML as sent, cid links and all, and makes no text of it', async () => {
    const html = '<p onclick="x()">Hi <img src="cid:a"></p>';
    const content = await read(crlf(`Content-Type: text/html\n\n${html}`));
    expect(content).toMatchObject({ text: null, html });
  });

  it('keeps to the text parts: attachments are not text', async () => {
    const content = await read(crlf('Content-Type: text/plain\nContent-Disposition: attachment\n\nx'));
    expect(content).toMatchObject({ text: null, attachments: [{ part: '1', type: 'text/plain', size: 1 }] });
  });

  it('says when a body was too long', async () => {
    const content = await read(
      Buffer.concat([Buffer.from('A: b\r\n\r\n'), Buffer.alloc(MAX_BODY + 10, 'x')]),
    );
    expect(content.text).toHaveLength(MAX_BODY);
    expect(content.truncated).toBe(true);
  });

  it('reads many lines and many parts', async () => {
    expect((await read(crlf(`A: b\n\n${'x\n'.repeat(50_000)}`))).text).toHaveLength(100_000);
    const parts = await read(
      crlf(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(500)}--b--`),
    );
    expect(parts.text).toBe(Array(100).fill('x').join('\n'));
    expect(parts.truncated).toBe(true);
  });
});

describe('attachments', () => {
  it('lists name, type, decoded size and content id', async () => {
    const { attachments } = await read(
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
      { part: '1.2', filename: null, type: 'image/png', size: 1000, contentId: 'logo', inline: true },
      { part: '2', filename: 'Résumé.pdf', type: 'application/pdf', size: 3, contentId: null, inline: false },
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
