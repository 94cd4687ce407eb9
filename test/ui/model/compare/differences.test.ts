/** What the comparison of two messages marks, and how long it takes at the worst. */
import { describe, expect, it } from 'vitest';
import { compareLines, type Cell } from '../../../../ui/model/compare/differences.ts';

/** A side as one would read it, with what differs in brackets. */
const shown = (cell: Cell | null): string | null =>
  cell?.pieces.map(({ text, differs }) => (differs ? `[${text}]` : text)).join('') ?? null;
const rows = (left: string, right: string) =>
  compareLines(left.split('\n'), right.split('\n')).map((row) => [shown(row.left), shown(row.right)]);

describe('lines side by side', () => {
  it('have their words marked, one mark over words that follow each other', () => {
    expect(rows('Hello Ann,\nTotal: 12 EUR', 'Hello Bob,\nTotal: 47 EUR')).toEqual([
      ['Hello [Ann],', 'Hello [Bob],'],
      ['Total: [12] EUR', 'Total: [47] EUR'],
    ]);
    expect(rows('your big old house', 'your small new house')).toEqual([
      ['your [big old] house', 'your [small new] house'],
    ]);
    expect(rows('12 € für Käthe', '13 € für Käthe')).toEqual([['[12] € für Käthe', '[13] € für Käthe']]);
  });

  it('stand beside nothing where the other side has none', () => {
    expect(rows('a\nb\nc', 'a\nc\nd')).toEqual([
      ['a', 'a'],
      ['[b]', null],
      ['c', 'c'],
      [null, '[d]'],
    ]);
    expect(compareLines([], ['a', 'b']).map(({ right }) => right?.line)).toEqual([1, 2]);
  });

  it('do not differ by blanks at their end or in an empty line', () => {
    expect(compareLines(['a', '', 'b'], ['a', '  ', 'b']).every(({ same }) => same)).toBe(true);
  });

  it('lose nothing, however long and unlike they are', () => {
    let seed = 1;
    const word = (): string => (seed = (seed * 48_271) % 2_147_483_647).toString(36);
    const text = (): string[] =>
      Array.from({ length: 50 }, () => Array.from({ length: 600 }, word).join(' '));
    const [left, right] = [text(), text()];
    const found = compareLines(left, right);
    const plain = (cell: Cell | null): string => cell?.pieces.map(({ text: piece }) => piece).join('') ?? '';
    expect(found.map((row) => plain(row.left))).toEqual(left);
    expect(found.map((row) => plain(row.right))).toEqual(right);
  }, 120_000);
});
