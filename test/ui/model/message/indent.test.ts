/** HTML laid out for reading: by its structure, with every word of it, whatever it is like. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentHtml } from '../../../../ui/model/message/indent.ts';

const laidOut = (html: string): string =>
  indentHtml(html)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');

const example = (...lines: string[]): string => lines.join('\n');

describe('indentHtml', () => {
  it('gives blocks lines of their own, and keeps short ones and what is inline together', () => {
    const html =
      '<html><body><table><tr><td>One <b>two</b></td><td><a href="https://x.test">go</a></td></tr></table></body></html>';
    expect(laidOut(html)).toBe(
      example(
        '<html>',
        '  <body>',
        '    <table>',
        '      <tr>',
        '        <td>One <b>two</b></td>',
        '        <td><a href="https://x.test">go</a></td>',
        '      </tr>',
        '    </table>',
        '  </body>',
        '</html>',
      ),
    );
  });

  it('breaks a block that is long', () => {
    const text = 'word '.repeat(30).trim();
    expect(laidOut(`<div><p>${text}</p></div>`)).toBe(
      example('<div>', '  <p>', `    ${text}`, '  </p>', '</div>'),
    );
  });

  it('folds white space, and lays out anew what was laid out', () => {
    expect(laidOut('<ul>\n\n      <li>one\n two</li></ul>')).toBe(
      example('<ul>', '  <li>one two</li>', '</ul>'),
    );
  });

  it('keeps the lines of what has its own', () => {
    const style = '<style>\n  a { color: red }\n\n  b > i { top: 0 }\n</style>';
    expect(laidOut(`<head>${style}</head>`)).toBe(
      example('<head>', '  <style>', '  a { color: red }', '', '  b > i { top: 0 }', '  </style>', '</head>'),
    );
    expect(laidOut('<pre>one <p> two\n  three</pre>')).toContain('one <p> two\n  three');
  });

  it('knows elements without an end', () => {
    expect(laidOut('<ul><li>one<li>two</ul>')).toBe(
      example('<ul>', '  <li>', '    one', '  <li>', '    two', '</ul>'),
    );
    expect(laidOut('<p>a<br>b<img src="x"></p><hr>')).toBe(
      example('<p>', '  a<br>', '  b<img src="x">', '</p>', '<hr>'),
    );
  });

  it('keeps comments, conditional ones with what is in them', () => {
    const comment = '<!--[if mso]>\n<table><tr>\n<![endif]-->';
    expect(laidOut(`<div>${comment}<p>x</p></div>`)).toBe(
      example('<div>', '  <!--[if mso]>', '<table><tr>', '<![endif]-->', '  <p>x</p>', '</div>'),
    );
  });

  it('loses nothing but white space', () => {
    const pieces = fc.constantFrom(
      ...[
        '<div>',
        '</div>',
        '<p class="a b">',
        '</p>',
        '<td>',
        '</table>',
        '<pre>',
        '</pre>',
        '<style>',
        '</style>',
      ],
      ...[
        '<br/>',
        '<b',
        '</',
        '<',
        '>',
        '"',
        "'",
        '<!--',
        '-->',
        '=',
        ' ',
        '\n',
        'word',
        '<i>x</i>',
        '<svg/>',
      ],
    );
    const bare = (text: string): string => text.replace(/\s+/g, '');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const html = parts.join('');
        expect(bare(laidOut(html))).toBe(bare(html));
      }),
    );
  });

  it('is quick with what nests without end', () => {
    const html = '<ul>'.repeat(20_000) + '</ol>'.repeat(20_000);
    expect(indentHtml(html)).toHaveLength(40_000);
  });
});
