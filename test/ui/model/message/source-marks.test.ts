/** Which characters of the source a finding marks, whatever stands before them and however they are encoded. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../contract/index.ts';
import { highlightMail } from '../../../../ui/model/message/highlight.ts';
import { marksOf, piecesOf } from '../../../../ui/model/message/source-marks.ts';

const finding = (where: Finding['where'], message = 'wrong', severity: Finding['severity'] = 'warning') =>
  ({ check: 'content', rule: 'x', severity, message, where, reference: null, help: null }) satisfies Finding;

/** The marked text of a line, and the pieces it comes in. */
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
  it('its excerpt, where it stands as it is', () => {
    const source = '\r\n\r\n<p>Hello <b  class=x>you</b></p>';
    expect(marked(source, finding({ line: 3, column: 10, excerpt: '<b class=x>' }))).toEqual([
      [3, '<b  class=x>|wrong'],
    ]);
  });

  it('as much of its excerpt as is not encoded or on another line', () => {
    expect(
      marked('\n\nsee <a href=3D"x">', finding({ line: 3, column: 5, excerpt: '<a href="x">' })),
    ).toEqual([[3, '<a href=|wrong']]);
  });

  it('the rest of the line where nothing of the excerpt is to be seen', () => {
    expect(marked('\n\nSGVsbG8=', finding({ line: 3, column: 5, excerpt: 'Hello' }))).toEqual([
      [3, 'bG8=|wrong'],
    ]);
  });

  it('all of a field, although its value begins like the name', () => {
    const where = { header: 'Subject', line: 1, column: 1, excerpt: 'Subject' };
    expect(marked('Subject: Subject', finding(where))).toEqual([[1, 'Subject:|wrong', ' Subject|wrong']]);
  });

  it('after characters of several octets, and octets that are no characters', () => {
    const where = { line: 3, column: 1 + 2 + 4 + 1 + 1, excerpt: 'here' };
    expect(marked('\n\né😀\ufffd here', finding(where))).toEqual([[3, 'here|wrong']]);
  });

  it('nothing without a place, or beyond what is shown', () => {
    expect(marked('one', finding(null), finding({ part: '1' }), finding({ line: 2 }))).toEqual([]);
  });
});

it('keeps findings that lie over each other apart, the worst first', () => {
  const source = '\n\none two three';
  expect(
    marked(
      source,
      finding({ line: 3, column: 1, excerpt: 'one two' }, 'minor', 'info'),
      finding({ line: 3, column: 5, excerpt: 'two three' }, 'major', 'error'),
    ),
  ).toEqual([[3, 'one |minor', 'two|major+minor', ' three|major']]);
});
