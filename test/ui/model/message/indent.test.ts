/** Tests the formatting of HTML: it follows the structure and preserves every word, for any input. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentHtml } from '../../../../ui/model/message/indent.ts';

const laidOut = (html: string): string =>
  indentHtml(html)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');

const example = (...lines: string[]): string => lines.join('\n');

describe('indentHtml', () => {
  it('puts each block on its own line, and keeps short blocks and inline elements on one line', () => {
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

  it('splits a long block into several lines', () => {
    const text = 'word '.repeat(30).trim();
    expect(laidOut(`<div><p>${text}</p></div>`)).toBe(
      example('<div>', '  <p>', `    ${text}`, '  </p>', '</div>'),
    );
  });

  it('folds white space, and replaces the existing indentation', () => {
    expect(laidOut('<ul>\n\n      <li>one\n two</li></ul>')).toBe(
      example('<ul>', '  <li>one two</li>', '</ul>'),
    );
  });

  it('preserves the lines of preformatted text', () => {
    const style = '<style>\n  a { color: red }\n\n  b > i { top: 0 }\n</style>';
    expect(laidOut(`<head>${style}</head>`)).toBe(
      example('<head>', '  <style>', '  a { color: red }', '', '  b > i { top: 0 }', '  </style>', '</head>'),
    );
    expect(laidOut('<pre>one <p> two\n  three</pre>')).toContain('one <p> two\n  three');
  });

  it('accepts elements without an end tag', () => {
    expect(laidOut('<ul><li>one<li>two</ul>')).toBe(
      example('<ul>', '  <li>', '    one', '  <li>', '    two', '</ul>'),
    );
    expect(laidOut('<p>a<br>b<img src="x"></p><hr>')).toBe(
      example('<p>', '  a<br>', '  b<img src="x">', '</p>', '<hr>'),
    );
  });

  it('preserves comments, including the content of conditional comments', () => {
    const comment = '<!--[if mso]>\n<table><tr>\n<![endif]-->';
    expect(laidOut(`<div>${comment}<p>x</p></div>`)).toBe(
      example('<div>', '  <!--[if mso]>', '<table><tr>', '<![endif]-->', '  <p>x</p>', '</div>'),
    );
  });

  it('loses only white space', () => {
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

  it('is fast for HTML that is nested very deeply', () => {
    const html = '<ul>'.repeat(20_000) + '</ol>'.repeat(20_000);
    expect(indentHtml(html)).toHaveLength(40_000);
  });
});
