/** Tests of summaries: recipients, dates, ids, previews, and the rule that separates bodies from attachments. */
import { describe, expect, it } from 'vitest';
import { bodiesOf } from '../../server/message/bodies.ts';
import type { Envelope } from '../../server/message/envelope.ts';
import { foldInvisible, htmlToText } from '../../server/message/html-text.ts';
import { parseStructure } from '../../server/message/parse.ts';
import { partNumber } from '../../server/message/part.ts';
import { filenames, searchText } from '../../server/message/search-text.ts';
import { PREVIEW_LENGTH, summarize, type MessageDigest } from '../../server/message/summary.ts';

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'));
const envelope = (...to: string[]): Envelope => ({
  from: { address: '', parameters: {} },
  to: to.map((address) => ({ address, parameters: {} })),
});
const digest = (text: string, ...to: string[]): MessageDigest => {
  const raw = crlf(text);
  return summarize(raw, parseStructure(raw), envelope(...to));
};

describe('fields', () => {
  it('reads all fields', () => {
    expect(
      digest(
        `From: =?utf-8?Q?J=C3=B6rg?= <j@x.test>
To: a@x.test, G: b@x.test;
Cc: c@x.test
Reply-To: r@x.test
Subject: =?utf-8?Q?H=C3=A4llo?=
  there
Date: Tue, 1 Jul 2003 10:52:37 +0200
Message-ID: (hm) < id@x.test >

Text
`,
        'a@x.test',
      ),
    ).toEqual({
      from: [{ name: 'Jörg', address: 'j@x.test' }],
      to: [
        { name: '', address: 'a@x.test' },
        { name: '', address: 'b@x.test' },
      ],
      cc: [{ name: '', address: 'c@x.test' }],
      bcc: [],
      replyTo: [{ name: '', address: 'r@x.test' }],
      subject: 'Hällo there',
      date: Date.UTC(2003, 6, 1, 8, 52, 37),
      messageId: 'id@x.test',
      attachments: 0,
      hasHtml: false,
      preview: 'Text',
    });
  });

  it('accepts an empty message', () => {
    expect(digest('')).toEqual({
      from: [],
      to: [],
      cc: [],
      bcc: [],
      replyTo: [],
      subject: '',
      date: null,
      messageId: null,
      attachments: 0,
      hasHtml: false,
      preview: '',
    });
  });

  it('lists recipients that are only in the envelope as bcc, without regard to case', () => {
    const { bcc } = digest(
      'To: A@x.test\nCc: c@x.test\nBcc: Known <b@x.test>\n\n',
      'a@X.TEST',
      'b@x.test',
      'c@x.test',
      'h@x.test',
      'H@x.test',
    );
    expect(bcc).toEqual([
      { name: 'Known', address: 'b@x.test' },
      { name: '', address: 'h@x.test' },
    ]);
  });

  it('joins repeated address fields', () => {
    expect(digest('To: a@x\nTo: b@x\n\n').to.map(({ address }) => address)).toEqual(['a@x', 'b@x']);
  });

  it('limits addresses and subject', () => {
    const many = digest(
      `Subject: ${'s'.repeat(10_000)}\nTo: ${Array.from({ length: 5000 }, (_, i) => `u${i}@x.test`).join(', ')}\n\n`,
    );
    expect(many.subject).toHaveLength(2000);
    expect(many.to).toHaveLength(1000);
  });
});

describe('preview', () => {
  const html = (body: string): string => `Content-Type: text/html; charset=utf-8\n\n${body}`;

  it.each([
    ['text on one line', 'A: b\n\n  Hello\n\n\tthere  \n', 'Hello there'],
    [
      'quoted-printable',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nH=C3=A4l=\nlo',
      'Hällo',
    ],
    [
      'base64',
      `Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n${Buffer.from('Hällo').toString('base64')}`,
      'Hällo',
    ],
    [
      'HTML without its tags, styles and scripts',
      html(
        '<html><head><title>T</title><style>p{}</style></head><body><script>x()</script><p>Hello <b>the</b>re</p><p>World</p>',
      ),
      'Hello there World',
    ],
    ['entities', html('&lt;Caf&eacute; &amp; co&gt; &#x20AC;'), '<Café & co> €'],
    [
      'preheader padding',
      html(`<div>Preheader</div>${'&#847; &zwnj; &nbsp; &shy;'.repeat(300)}<p>Body</p>`),
      'Preheader Body',
    ],
    ['comments', html('<!-- no --><!--[if mso]>no<![endif]-->yes'), 'yes'],
    ['emoji with joiners', html('👩‍👩‍👧 family'), '👩‍👩‍👧 family'],
  ])('%s', (_, text, expected) => {
    expect(digest(text).preview).toBe(expected);
  });

  it(`has at most ${PREVIEW_LENGTH} characters and no half character`, () => {
    expect(digest(`A: b\n\n${'word '.repeat(1000)}`).preview).toHaveLength(PREVIEW_LENGTH);
    expect(digest(`Content-Type: text/plain; charset=utf-8\n\nx${'😀'.repeat(200)}`).preview).toHaveLength(
      PREVIEW_LENGTH - 1,
    );
  });

  it('skips large style sheets', () => {
    expect(digest(html(`<style>${'p { color: red }\n'.repeat(2000)}</style><p>Hello</p>`)).preview).toBe(
      'Hello',
    );
  });

  it('uses the HTML if the text is blank', () => {
    expect(
      digest(
        'Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>Hi</p>\n--b--',
      ).preview,
    ).toBe('Hi');
  });
});

describe('bodies and attachments', () => {
  interface Spec {
    type: string;
    headers?: string;
    children?: Spec[];
  }
  let boundary = 0;
  const build = ({ type, headers = '', children }: Spec): string => {
    if (children === undefined) return `Content-Type: ${type}\n${headers}\nbody`;
    const mark = `b${boundary++}`;
    return `Content-Type: ${type}; boundary=${mark}\n${headers}\n${children.map((child) => `--${mark}\n${build(child)}\n`).join('')}--${mark}--`;
  };
  const sorted = (spec: Spec): Record<string, string[]> => {
    const bodies = bodiesOf(parseStructure(crlf(build(spec))));
    return {
      text: bodies.text.map(partNumber),
      html: bodies.html.map(partNumber),
      files: bodies.attachments.filter(({ inline }) => !inline).map(({ part }) => partNumber(part)),
      inline: bodies.attachments.filter(({ inline }) => inline).map(({ part }) => partNumber(part)),
    };
  };
  const plain: Spec = { type: 'text/plain' };
  const html: Spec = { type: 'text/html' };
  const attached = 'Content-Disposition: attachment; filename=a.txt\n';
  const logo: Spec = { type: 'image/png', headers: 'Content-ID: <logo>\n' };

  it.each<[string, Spec, [string[], string[], string[], string[]]]>([
    ['text', plain, [['1'], [], [], []]],
    ['HTML', html, [[], ['1'], [], []]],
    ['only a file', { type: 'application/pdf', headers: attached }, [[], [], ['1'], []]],
    ['only a file that is text', { type: 'text/plain', headers: attached }, [[], [], ['1'], []]],
    ['only an image', { type: 'image/png' }, [[], [], ['1'], []]],
    ['text and HTML', { type: 'multipart/alternative', children: [plain, html] }, [['1'], ['2'], [], []]],
    [
      'text and a file',
      { type: 'multipart/mixed', children: [plain, { type: 'application/pdf' }] },
      [['1'], [], ['2'], []],
    ],
    [
      'text before and after a file',
      { type: 'multipart/mixed', children: [plain, { type: 'application/pdf' }, plain] },
      [['1', '3'], [], ['2'], []],
    ],
    [
      'named text',
      { type: 'multipart/mixed', children: [plain, { type: 'text/plain; name=x.txt' }] },
      [['1'], [], ['2'], []],
    ],
    [
      'named text that comes first',
      { type: 'multipart/mixed', children: [{ type: 'text/plain; name=x.txt' }] },
      [['1'], [], [], []],
    ],
    ['HTML with its image', { type: 'multipart/related', children: [html, logo] }, [[], ['1'], [], ['2']]],
    [
      'HTML whose image is marked attachment',
      { type: 'multipart/related', children: [html, { ...logo, headers: `Content-ID: <a>\n${attached}` }] },
      [[], ['1'], [], ['2']],
    ],
    [
      'a PDF among related parts',
      {
        type: 'multipart/related',
        children: [html, { type: 'application/pdf', headers: `Content-ID: <a>\n${attached}` }],
      },
      [[], ['1'], ['2'], []],
    ],
    [
      'an image in mixed',
      {
        type: 'multipart/mixed',
        children: [
          plain,
          { type: 'image/png', headers: 'Content-ID: <a>\nContent-Disposition: inline; filename=a.png\n' },
        ],
      },
      [['1'], [], [], ['2']],
    ],
    [
      'a photograph in mixed',
      {
        type: 'multipart/mixed',
        children: [plain, { type: 'image/jpeg', headers: 'Content-Disposition: inline; filename=a.jpg\n' }],
      },
      [['1'], [], ['2'], []],
    ],
    [
      'related with a start',
      {
        type: 'multipart/related; start="<r>"',
        children: [logo, { type: 'text/html', headers: 'Content-ID: <r>\n' }],
      },
      [[], ['2'], [], ['1']],
    ],
    [
      'everything',
      {
        type: 'multipart/mixed',
        children: [
          {
            type: 'multipart/related',
            children: [{ type: 'multipart/alternative', children: [plain, html] }, logo],
          },
          { type: 'application/pdf', headers: attached },
        ],
      },
      [['1.1.1'], ['1.1.2'], ['2'], ['1.2']],
    ],
    [
      'calendar as an alternative',
      { type: 'multipart/alternative', children: [plain, html, { type: 'text/calendar' }] },
      [['1'], ['2'], [], []],
    ],
    [
      'calendar as a file',
      { type: 'multipart/alternative', children: [plain, { type: 'text/calendar; name=invite.ics' }] },
      [['1'], [], ['2'], []],
    ],
    [
      'a forwarded message',
      { type: 'multipart/mixed', children: [plain, { type: 'message/rfc822' }] },
      [['1'], [], ['2'], []],
    ],
    [
      'a bounce',
      {
        type: 'multipart/report',
        children: [plain, { type: 'message/delivery-status' }, { type: 'message/rfc822' }],
      },
      [['1'], [], ['2', '3'], []],
    ],
    [
      'a signature',
      { type: 'multipart/signed', children: [plain, { type: 'application/pgp-signature' }] },
      [['1'], [], ['2'], []],
    ],
  ])('%s', (_, spec, [text, htmls, files, inline]) => {
    expect(sorted(spec)).toEqual({ text, html: htmls, files, inline });
    expect(digest(build(spec)).attachments).toBe(files.length);
    expect(digest(build(spec)).hasHtml).toBe(htmls.length > 0);
  });
});

describe('search text', () => {
  it('contains text, HTML without tags, file names, and the text of nested messages', () => {
    const raw = crlf(`Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>from <b>ht</b>ml</p>
--b
Content-Type: application/pdf; name="=?utf-8?Q?R=C3=A9sum=C3=A9.pdf?="

bytes
--b
Content-Type: message/rfc822

Content-Type: text/plain; name=inner.txt

from inside
--b--`);
    const structure = parseStructure(raw);
    const text = searchText(raw, structure);
    for (const piece of ['from html', 'Résumé.pdf', 'inner.txt', 'from inside'])
      expect(text).toContain(piece);
    expect(text).not.toContain('bytes');
    expect(filenames(structure)).toEqual(['Résumé.pdf', 'inner.txt']);
  });
});

describe('HTML to text', () => {
  it.each([
    ['a < b and c > d', 'a < b and c > d'],
    ['<a title="x > y">t</a>', 't'],
    ["<a title='x > y'>t</a>", 't'],
    ['<a title="open>t</a>', 't'],
    ['<style>never closed', ''],
    ['<!-- never closed', ''],
    ['a<br>b', 'a b'],
    ['<td>a</td><td>b</td>', 'a b'],
    ['x<span>y</span>z', 'xyz'],
    ['<SCRIPT>no</SCRIPT>yes', 'yes'],
    ['<?xml version="1.0"?><!DOCTYPE html>yes', 'yes'],
    ['</p>yes', 'yes'],
    ['<', '<'],
  ])('%s', (html, expected) => {
    expect(foldInvisible(htmlToText(html))).toBe(expected);
  });
});
