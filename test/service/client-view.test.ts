/** Tests the simulated views of messages in mail clients: what each client removes, and how it is explained. */
import { describe, expect, it } from 'vitest';
import { isShownByWord } from '../../server/service/client-view/conditional.ts';
import { clientView } from '../../server/service/client-view/index.ts';

const GMAIL = 'gmail.desktop-webmail';
const OUTLOOK = 'outlook.windows';
const APPLE = 'apple-mail.macos';

/** Returns the kind, the feature, the number of places and the line of each change. */
const changesOf = (html: string, client: string): string[] =>
  clientView(html, client).changes.map(
    ({ kind, feature, count, line }) => `${kind} ${feature} ${count} ${line}`,
  );

describe('a view removes', () => {
  it.each([
    [
      'a declaration',
      OUTLOOK,
      '<p style="color:red; border-radius:4px; margin:0">x</p>',
      '<p style="color:red; ; margin:0">x</p>',
    ],
    [
      'a declaration after a character reference',
      OUTLOOK,
      '<p style="font-family:&quot;A&quot;;opacity:.5;color:red">x</p>',
      '<p style="font-family:&quot;A&quot;;;color:red">x</p>',
    ],
    [
      'a declaration in an attribute without quotes',
      OUTLOOK,
      '<p style=color:red;opacity:.5>x</p>',
      '<p style="color:red;">x</p>',
    ],
    [
      'a rule with a selector that is not supported',
      GMAIL,
      '<head><style>a:not(.b){color:red} p{color:blue}</style></head>',
      '<head><style> p{color:blue}</style></head>',
    ],
    [
      'an at-rule with its rules',
      OUTLOOK,
      '<style>@media (max-width:9px){p{color:red}} p{color:blue}</style>',
      '<style> p{color:blue}</style>',
    ],
    ['an attribute', GMAIL, '<p hidden class="a" title="1 > 0">x</p>', '<p class="a" title="1 &gt; 0">x</p>'],
    ['the tags of an element', OUTLOOK, '<section><b>x</b></section >', '<b>x</b>'],
    ['an element with its content', GMAIL, 'a<svg><g hidden><path d="M0"/></g></svg>b', 'ab'],
    [
      'an image of another format',
      OUTLOOK,
      '<img src="a.webp" alt="A"><img src="a.png">',
      '<img alt="A"><img src="a.png">',
    ],
    [
      'a style element in the body',
      GMAIL,
      '<body><style>p{color:red}</style><p>x</p></body>',
      '<body><p>x</p></body>',
    ],
    ['padding outside of cells', OUTLOOK, '<p style="padding:1px">x</p>', '<p style="">x</p>'],
    [
      'a background with an image',
      OUTLOOK,
      '<td style="background:red url(a.png);color:red">',
      '<td style=";color:red">',
    ],
  ])('%s', (_name, client, html, expected) => {
    expect(clientView(html, client).html.replaceAll('&gt;', '>')).toBe(expected.replaceAll('&gt;', '>'));
  });

  it('nothing that the client supports', () => {
    const html =
      '<style>a:not(.b){color:red}</style><p hidden style="padding:1px;opacity:.5">x</p><!--[if mso]><b><![endif]-->';
    expect(clientView(html, APPLE)).toEqual({ html, changes: [], isCut: false });
    expect(clientView('<td style="padding:1px">x</td>', OUTLOOK).html).toBe('<td style="padding:1px">x</td>');
  });
});

it('explains each change with its line, its source, its number and a reference', () => {
  const html =
    '<p>\n<b style="opacity:.5">a</b>\n<b style="opacity:.5">b</b><u style="max-width:9px">c</u></p>';
  expect(clientView(html, OUTLOOK).changes).toEqual([
    {
      kind: 'removed',
      feature: 'css-opacity',
      reason: 'opacity is not supported',
      reference: 'https://www.caniemail.com/features/css-opacity/',
      count: 2,
      line: 2,
      excerpt: 'opacity:.5',
    },
    expect.objectContaining({
      feature: 'css-max-width',
      line: 3,
      reason: 'max-width: Partial. Only works on `<table>` elements',
    }),
  ]);
});

it('leaves and marks a feature of which the client supports a part', () => {
  const html = '<head><style>@media (max-width:9px){p{color:red}}</style></head>';
  expect(clientView(html, GMAIL).html).toBe(html);
  expect(changesOf(html, GMAIL)).toEqual(['partial css-at-media 1 1', 'partial html-style 1 1']);
});

describe('conditional comments', () => {
  const html =
    '<!--[if mso]><b>\n</b><![endif]-->\n<!--[if !mso]><!--><i>web\n</i><!--<![endif]-->\n<p style="opacity:1">x</p>';

  it('are evaluated in Outlook for Windows, and lines keep their numbers', () => {
    const view = clientView(html, OUTLOOK);
    expect(view.html).toBe('<b>\n</b>\n\n\n<p style="">x</p>');
    expect(changesOf(html, OUTLOOK)).toEqual([
      'removed conditional-comment 1 3',
      'changed conditional-comment 1 1',
      'removed css-opacity 1 5',
    ]);
  });

  it('are not evaluated by other clients', () => {
    expect(clientView(html, GMAIL).html).toBe(html);
  });

  it('may be nested, and may be incomplete', () => {
    const view = (text: string): string => clientView(text, OUTLOOK).html;
    expect(view('<!--[if !mso]><!-->a<!--[if mso]>b<![endif]-->c<!--<![endif]-->d')).toBe('d');
    expect(view('a<![endif]-->b')).toBe('a<![endif]-->b');
    expect(view('a<!--[if IE]>b')).toBe('a');
  });

  it.each([
    ['mso', true],
    ['!mso', false],
    ['gte mso 9', true],
    ['lt mso 16', false],
    ['lte mso 16', true],
    ['gt mso 16', false],
    ['mso 16', true],
    ['mso 15', false],
    ['IE', false],
    ['gte mso 9 & !IE', true],
    ['(gte mso 9)|(IE)', true],
    ['!(mso | IE)', false],
    ['mso & (', false],
    ['', false],
  ])('with the condition %s', (condition, isShown) => {
    expect(isShownByWord(condition)).toBe(isShown);
  });
});

it('draws VML as a box in Outlook for Windows', () => {
  const html =
    '<!--[if mso]><v:roundrect style="width:90px;height:40px;v-text-anchor:middle" fillcolor="#c00">Go</v:roundrect><![endif]-->';
  expect(clientView(html, OUTLOOK).html).toBe(
    '<span style="display:inline-block;overflow:hidden;width:90px;height:40px;background-color:#c00">Go</span>',
  );
});

describe('Gmail', () => {
  it('ignores a style element of more than 16 KB', () => {
    const sheet = `p{color:red}${'b{color:red}'.repeat(1_500)}`;
    const html = `<head><style>${sheet}</style></head>`;
    expect(clientView(html, GMAIL).html).toBe('<head></head>');
    expect(clientView(html, APPLE).html).toBe(html);
  });

  it('shows the first 102 KB', () => {
    const html = '<p>ö</p>'.repeat(15_000);
    const view = clientView(html, GMAIL);
    const [shown = '', notice] = view.html.split('<p>[Message clipped]');
    expect([html.startsWith(shown), notice]).toEqual([true, '&nbsp; <u>View entire message</u></p>']);
    expect(Buffer.byteLength(view.html)).toBeLessThan(103 * 1024);
    expect(view.changes).toMatchObject([{ kind: 'removed', feature: 'clipped', count: 1, line: 1 }]);
  });
});
