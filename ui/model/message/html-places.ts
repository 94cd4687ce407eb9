/** Finds the places of findings in the HTML body of a message. */
import type { Detail, Finding, Part } from '../../../contract/index.ts';
import { commonLength } from './source-marks.ts';

/** A place in the HTML body. */
export interface HtmlPlace {
  /** The line, counted from 1. */
  readonly line: number;
  /** The index of the place in its line, and in the whole HTML, in UTF-16 code units from 0. */
  readonly column: number;
  readonly index: number;
}

/** Returns the index of the first character of each line. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let feed = text.indexOf('\n'); feed !== -1; feed = text.indexOf('\n', feed + 1)) starts.push(feed + 1);
  return starts;
}

/** Returns the line, counted from 1, of the character at an index. */
export function lineAt(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

function typeOf(part: Part, number: string): string | null {
  if (part.part === number || (part.parts.length === 0 && part.part === '' && number === '1'))
    return part.type;
  return part.parts.reduce<string | null>((found, child) => found ?? typeOf(child, number), null);
}

/**
 * Returns a function that finds the place of a finding in the HTML body of a message. It returns null for a finding
 * about something else than HTML, and for a finding about a later part of several HTML parts: the body contains them
 * all, but the lines of the finding are counted from the beginning of its part.
 */
export function htmlPlaces({
  html,
  structure,
}: Pick<Detail, 'html' | 'structure'>): (finding: Finding) => HtmlPlace | null {
  if (html === null) return () => null;
  const starts = lineStarts(html);
  return ({ where }) => {
    const { decoded, part, excerpt = '' } = where ?? {};
    const start = decoded === undefined ? undefined : starts[decoded.line - 1];
    if (decoded === undefined || start === undefined) return null;
    if (part === undefined || typeOf(structure, part) !== 'text/html') return null;
    const column = decoded.column - 1;
    const index = start + column;
    const common = commonLength(html.slice(index, index + excerpt.length * 4), excerpt);
    return common < Math.min(3, excerpt.length) ? null : { line: decoded.line, column, index };
  };
}
