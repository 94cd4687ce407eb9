/** Tests which words the comparison of two messages marks, and how long it takes in the worst case. */
import { describe, expect, it } from 'vitest';
import { compareLines, type Cell } from '../../../../ui/model/compare/differences.ts';

/** Returns one side of a row as text, with the differences in brackets. */
const shown = (cell: Cell | null): string | null =>
  cell?.pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('') ?? null;
const rows = (left: string, right: string) =>
  compareLines(left.split('\n'), right.split('\n')).map((row) => [shown(row.left), shown(row.right)]);

describe('the comparison of lines', () => {
  it('marks different words, with one mark for adjacent words', () => {
    expect(rows('Hello Ann,\nTotal: 12 EUR', 'Hello Bob,\nTotal: 47 EUR')).toEqual([
      ['Hello [Ann],', 'Hello [Bob],'],
      ['Total: [12] EUR', 'Total: [47] EUR'],
    ]);
    expect(rows('your big old house', 'your small new house')).toEqual([
      ['your [big old] house', 'your [small new] house'],
    ]);
    expect(rows('12 € für Käthe', '13 € für Käthe')).toEqual([['[12] € für Käthe', '[13] € für Käthe']]);
  });

  it('pairs a line without a counterpart with nothing', () => {
    expect(rows('a\nb\nc', 'a\nc\nd')).toEqual([
      ['a', 'a'],
      ['[b]', null],
      ['c', 'c'],
      [null, '[d]'],
    ]);
    expect(compareLines([], ['a', 'b']).map(({ right }) => right?.line)).toEqual([1, 2]);
  });

  it('ignores white space at the end of a line and in an empty line', () => {
    expect(compareLines(['a', '', 'b'], ['a', '  ', 'b']).every(({ same }) => same)).toBe(true);
  });

  it('loses no text, however long and different the lines are', () => {
    let seed = 1;
    const word = (): string => (seed = (seed * 48_271) % 2_147_483_647).toString(36);
    const text = (): string[] =>
      Array.from({ length: 50 }, () => Array.from({ length: 600 }, word).join(' '));
    const [left, right] = [text(), text()];
    const found = compareLines(left, right);
    const plain = (cell: Cell | null): string => cell?.pieces.map(({ text: piece }) => piece).join('') ?? '';
    expect(found.map((row) => plain(row.left))).toEqual(left);
    expect(found.map((row) => plain(row.right))).toEqual(right);
  });
});
