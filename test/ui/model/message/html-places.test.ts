/** Tests where findings are in the HTML body. */
import { describe, expect, it } from 'vitest';
import type { Detail, Finding } from '../../../../contract/index.ts';
import { htmlPlaces, lineAt, lineStarts } from '../../../../ui/model/message/html-places.ts';

const part = (number: string, type: string, parts: unknown[] = []) => ({ part: number, type, parts });
const detail = (html: string | null, structure: unknown) =>
  ({ html, structure }) as Pick<Detail, 'html' | 'structure'>;
const finding = (where: Finding['where']): Finding => ({
  ...{ check: 'content', rule: 'x', severity: 'warning', message: 'm', reference: null, help: null },
  where,
});

const HTML = '<p>ä</p>\n<b>bold</b>\n';
const mixed = part('', 'multipart/alternative', [part('1', 'text/plain'), part('2', 'text/html')]);

describe('the place of a finding in the HTML', () => {
  it('is the line and the column of the decoded part', () => {
    const placeOf = htmlPlaces(detail(HTML, mixed));
    const where = { part: '2', decoded: { line: 2, column: 4 }, excerpt: 'bold' };
    expect(placeOf(finding(where))).toEqual({ line: 2, column: 3, index: HTML.indexOf('bold') });
    const alone = htmlPlaces(detail(HTML, part('', 'text/html')));
    expect(alone(finding({ ...where, part: '1' }))?.line).toBe(2);
  });

  it.each([
    ['about another part', { part: '1', decoded: { line: 1, column: 1 } }],
    ['about a header field', { header: 'Subject', line: 3 }],
    ['whose excerpt is not at this place', { part: '2', decoded: { line: 1, column: 1 }, excerpt: 'other' }],
    ['behind the last line', { part: '2', decoded: { line: 9, column: 1 } }],
  ])('is unknown for a finding %s', (_name, where) => {
    expect(htmlPlaces(detail(HTML, mixed))(finding(where))).toBeNull();
  });

  it('is unknown in a message without HTML', () => {
    expect(
      htmlPlaces(detail(null, mixed))(finding({ part: '2', decoded: { line: 1, column: 1 } })),
    ).toBeNull();
  });
});

it('finds the line of an index', () => {
  const starts = lineStarts('a\n\nbc');
  expect([0, 1, 2, 3, 4].map((index) => lineAt(starts, index))).toEqual([1, 1, 2, 3, 3]);
});
