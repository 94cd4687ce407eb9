/** Tests syntax highlighting: no character is lost, and the tokens have the correct kinds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightHtml, highlightMail, tokensOfHtml } from '../../../../ui/model/message/highlight.ts';

const kinds = (html: string): readonly (readonly [string, string])[] =>
  tokensOfHtml(html)
    .filter(({ text }) => text.trim() !== '')
    .map(({ kind, text }) => [kind, text]);

describe('tokensOfHtml', () => {
  it('returns every character', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '<!--',
      '-->',
      '<a ',
      'href=',
      '"',
      "'",
      '/',
      '=',
      ' ',
      '\n',
      'x',
      '<p>',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const html = parts.join('');
        expect(
          tokensOfHtml(html)
            .map(({ text }) => text)
            .join(''),
        ).toBe(html);
      }),
    );
  });

  it('distinguishes tags, attributes, values and comments', () => {
    expect(kinds('<!-- c --><a href="x>y" download>text</a>')).toEqual([
      ['comment', '<!-- c -->'],
      ['tag', '<a'],
      ['name', 'href='],
      ['value', '"x>y"'],
      ['name', 'download'],
      ['tag', '>'],
      ['plain', 'text'],
      ['tag', '</a'],
      ['tag', '>'],
    ]);
  });

  it('reads a comment and a tag without an end', () => {
    expect(kinds('<b <!-- open')).toEqual([
      ['tag', '<b'],
      ['name', '<!--'],
      ['name', 'open'],
    ]);
    expect(kinds('<!-- open')).toEqual([['comment', '<!-- open']]);
  });
});

it('splits tokens at line ends', () => {
  expect(highlightHtml('<p>a\r\nb</p>\n').map((line) => line.map(({ text }) => text).join(''))).toEqual([
    '<p>a',
    'b</p>',
    '',
  ]);
});

it('distinguishes header fields, folded lines, boundaries and the body of a message', () => {
  const source = [
    'Subject: hi',
    ' folded',
    '',
    'Body: text',
    '--b',
    'Content-Type: text/plain',
    '',
    'x',
  ].join('\r\n');
  expect(highlightMail(source).map((line) => line.map(({ kind }) => kind).join(' '))).toEqual([
    'name value',
    'value',
    '',
    'plain',
    'comment',
    'name value',
    '',
    'plain',
  ]);
});
