/** Tests the detection of remote content in the HTML of a message. */
import { describe, expect, it } from 'vitest';
import { hasRemoteContent } from '../../../../ui/model/message/remote-content.ts';

describe('remote content is detected', () => {
  it.each([
    '<img src="https://x.test/a.png">',
    '<IMG alt="A" width=1\nSRC = //x.test/a.png>',
    "<img alt='A' src='http://x.test/a.png'/>",
    '<img src="cid:a" srcset="https://x.test/a2.png 2x">',
    '<td background=https://x.test/b.png>',
    '<link rel="stylesheet" href="https://x.test/a.css">',
    '<p style="background: url( \'https://x.test/c.png\' )">',
    '<style>@import "//x.test/d.css";</style>',
    '<style>@font-face { src: url(https://x.test/e.woff2) }</style>',
  ])('in %s', (html) => expect(hasRemoteContent(html)).toBe(true));

  it.each([
    '<p>Nothing</p>',
    '<a href="https://x.test/">A link</a> <a\nhref="https://x.test/">Another</a>',
    '<map><area href="https://x.test/"></map>',
    '<img src="cid:a@x.test"><img src="data:image/png;base64,AAAA">',
    'src="https://x.test/" as text',
    '<p style="background: url(cid:a)">',
  ])('not in %s', (html) => expect(hasRemoteContent(html)).toBe(false));

  // With matching in quadratic time, each of these texts would take hours.
  it.each([
    ['tags that are never closed', '<x '],
    ['an attribute after another', '<x src '],
    ['blanks after a sign', '<x src= '],
    ['blanks in a style', 'url( '],
  ])('takes linear time over %s', (_what, piece) => {
    const word = piece.trimEnd();
    for (const monster of [
      piece.repeat(1_000_000),
      word + ' '.repeat(3_000_000),
      `${word}\n`.repeat(1_000_000),
    ]) {
      expect(hasRemoteContent(monster)).toBe(false);
    }
  });

  it('ignores the parts of the message that have a Content-Location', () => {
    const own = ['https://x.test/a.png', null, 'https://x.test/b?c=1&d=2'];
    const image = (address: string): string => `<img src="${address}">`;
    expect(hasRemoteContent(image('https://x.test/a.png'), own)).toBe(false);
    expect(hasRemoteContent(image('https://x.test/b?c=1&amp;d=2'), own)).toBe(false);
    expect(hasRemoteContent('<p style="background: url(https://x.test/a.png)">', own)).toBe(false);
    expect(hasRemoteContent(image('https://x.test/a.png.gif'), own)).toBe(true);
    expect(hasRemoteContent(image('https://x.test/a.png') + image('https://y.test/c.png'), own)).toBe(true);
  });
});
