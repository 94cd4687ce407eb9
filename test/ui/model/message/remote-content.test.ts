/** Whether a mail asks the network for anything. */
import { describe, expect, it } from 'vitest';
import { asksTheNetwork } from '../../../../ui/model/message/remote-content.ts';

describe('a mail asks the network', () => {
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
  ])('by %s', (html) => expect(asksTheNetwork(html)).toBe(true));

  it.each([
    '<p>Nothing</p>',
    '<a href="https://x.test/">A link</a> <a\nhref="https://x.test/">Another</a>',
    '<map><area href="https://x.test/"></map>',
    '<img src="cid:a@x.test"><img src="data:image/png;base64,AAAA">',
    'src="https://x.test/" as text',
    '<p style="background: url(cid:a)">',
  ])('not by %s', (html) => expect(asksTheNetwork(html)).toBe(false));

  // Each would take hours if any stretch of it were gone through again and again.
  it.each([
    ['tags that are never closed', '<x '],
    ['an attribute after another', '<x src '],
    ['blanks after a sign', '<x src= '],
    ['blanks in a style', 'url( '],
  ])('is told at once of %s, over and over', (_what, piece) => {
    const word = piece.trimEnd();
    for (const monster of [
      piece.repeat(1_000_000),
      word + ' '.repeat(3_000_000),
      `${word}\n`.repeat(1_000_000),
    ]) {
      expect(asksTheNetwork(monster)).toBe(false);
    }
  });
});
