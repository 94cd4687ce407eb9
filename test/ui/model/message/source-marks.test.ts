/** Tests which characters of the source a finding marks, for different preceding characters and encodings. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../contract/index.ts';
import { highlightMail } from '../../../../ui/model/message/highlight.ts';
import { marksOf, piecesOf } from '../../../../ui/model/message/source-marks.ts';

const finding = (where: Finding['where'], message = 'wrong', severity: Finding['severity'] = 'warning') =>
  ({ check: 'content', rule: 'x', severity, message, where, reference: null, help: null }) satisfies Finding;

/** Returns the number of each marked line, and its marked pieces with the texts of their findings. */
function marked(source: string, ...findings: readonly Finding[]) {
  const lines = highlightMail(source);
  const marks = marksOf(findings, lines);
  return [...marks].map(([line, ofLine]) => [
    line,
    ...piecesOf(lines[line - 1]!, ofLine)
      .filter((piece) => piece.marks.length > 0)
      .map((piece) => `${piece.text}|${piece.marks.map(({ text }) => text).join('+')}`),
  ]);
}

describe('a finding marks', () => {
  it('its excerpt, if the line contains it unchanged', () => {
    const source = '\r\n\r\n<p>Hello <b  class=x>you</b></p>';
    expect(marked(source, finding({ line: 3, column: 10, excerpt: '<b class=x>' }))).toEqual([
      [3, '<b  class=x>|wrong'],
    ]);
  });

  it('the part of its excerpt that is not encoded and not on another line', () => {
    expect(
      marked('\n\nsee <a href=3D"x">', finding({ line: 3, column: 5, excerpt: '<a href="x">' })),
    ).toEqual([[3, '<a href=|wrong']]);
  });

  it('the rest of the line, if the line does not contain the excerpt', () => {
    expect(marked('\n\nSGVsbG8=', finding({ line: 3, column: 5, excerpt: 'Hello' }))).toEqual([
      [3, 'bG8=|wrong'],
    ]);
  });

  it('the whole field, even if the value begins like the field name', () => {
    const where = { header: 'Subject', line: 1, column: 1, excerpt: 'Subject' };
    expect(marked('Subject: Subject', finding(where))).toEqual([[1, 'Subject:|wrong', ' Subject|wrong']]);
  });

  it('the correct characters after characters of several octets and after invalid octets', () => {
    const where = { line: 3, column: 1 + 2 + 4 + 1 + 1, excerpt: 'here' };
    expect(marked('\n\né😀\ufffd here', finding(where))).toEqual([[3, 'here|wrong']]);
  });

  it('nothing if it has no place, or a place beyond the displayed source', () => {
    expect(marked('one', finding(null), finding({ part: '1' }), finding({ line: 2 }))).toEqual([]);
  });
});

it('keeps overlapping findings separate, with the most severe one first', () => {
  const source = '\n\none two three';
  expect(
    marked(
      source,
      finding({ line: 3, column: 1, excerpt: 'one two' }, 'minor', 'info'),
      finding({ line: 3, column: 5, excerpt: 'two three' }, 'major', 'error'),
    ),
  ).toEqual([[3, 'one |minor', 'two|major+minor', ' three|major']]);
});
