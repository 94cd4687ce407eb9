/**
 * Computes the marks of findings in the displayed source: the marked characters of each line, with the text of the
 * finding.
 */
import type { Finding } from '../../../contract/index.ts';
import type { Line, Token } from './highlight.ts';
import { plainText } from './inline-markup.ts';

type Severity = Finding['severity'];

export interface SourceMark {
  /** The index of the first marked character in the line, from 0; the end of the range is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
  readonly text: string;
}

/** A token of the source, or a piece of a token, with all marks that cover it. */
export interface Piece extends Token {
  readonly marks: readonly SourceMark[];
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * The minimum number of characters that an excerpt and the line must have in common to be matched; fewer may
 * be a coincidence.
 */
const LEAST_COMMON = 3;

/**
 * Returns the number of octets from which a character was decoded. A replacement character (U+FFFD) stands
 * for one octet.
 */
function octetsOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80 || code === 0xfffd) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function indexOfOctet(text: string, octet: number): number {
  let octets = 0;
  let index = 0;
  for (const character of text) {
    if (octets >= octet) break;
    octets += octetsOf(character);
    index += character.length;
  }
  return index;
}

/**
 * Returns the length of the beginning of `text` that equals the excerpt. White space in the excerpt is
 * collapsed, and the end of the excerpt may be truncated.
 */
export function commonLength(text: string, excerpt: string): number {
  let at = 0;
  for (const character of excerpt) {
    if (character === ' ') {
      const [space = ''] = /^\s*/.exec(text.slice(at)) ?? [];
      if (space === '') break;
      at += space.length;
    } else if (text.startsWith(character, at)) at += character.length;
    else break;
  }
  return at;
}

/** A place of a finding in a source. */
interface LinePlace {
  /** The line, counted from 1. */
  readonly line: number;
  /** Returns the index of the place in the text of the line. */
  indexIn(line: string): number;
}

/** Returns the place of a finding in the raw message, whose columns are octets; null for a finding without a line. */
const rawPlaceOf = ({ where }: Finding): LinePlace | null =>
  where?.line === undefined
    ? null
    : { line: where.line, indexIn: (line) => indexOfOctet(line, (where.column ?? 1) - 1) };

/**
 * Returns the mark for a finding in a line. If the line contains the finding's excerpt at the finding's
 * column, the mark covers the excerpt. Otherwise the mark covers the line from that column on: the text may
 * be encoded, or the finding may be about a whole field or part.
 */
function markOf({ where, severity, message }: Finding, line: string, from: number): SourceMark {
  const { header, excerpt = '' } = where ?? {};
  const rest = line.slice(from);
  const isField = header !== undefined && rest.toLowerCase().startsWith(`${header.toLowerCase()}:`);
  const common = isField ? 0 : commonLength(rest, excerpt);
  const isFound = common >= Math.min(LEAST_COMMON, Math.max(1, excerpt.length));
  return { from, to: isFound ? from + common : line.length, severity, text: plainText(message) };
}

/** Compares two findings or marks by severity, to sort the most severe one first. */
export const bySeverity = (a: { severity: Severity }, b: { severity: Severity }): number =>
  RANK[a.severity] - RANK[b.severity];

/**
 * Returns the marks of each marked line by the line number, counted from 1; the most severe mark of a line is
 * first.
 *
 * @param placeOf returns the place of a finding in the source
 */
export function marksOf(
  findings: readonly Finding[],
  lines: readonly Line[],
  placeOf: (finding: Finding) => LinePlace | null = rawPlaceOf,
): ReadonlyMap<number, readonly SourceMark[]> {
  const marks = new Map<number, SourceMark[]>();
  const texts = new Map<number, string>();
  for (const finding of findings) {
    const place = placeOf(finding);
    const number = place?.line ?? 0;
    const line = lines[number - 1];
    if (place === null || line === undefined) continue;
    const text = texts.get(number) ?? line.map((token) => token.text).join('');
    texts.set(number, text);
    const ofLine = marks.get(number) ?? [];
    ofLine.push(markOf(finding, text, place.indexIn(text)));
    marks.set(number, ofLine);
  }
  for (const ofLine of marks.values()) ofLine.sort(bySeverity);
  return marks;
}

/** Splits the tokens of a line at the positions where marks begin and end. */
export function piecesOf(line: Line, marks: readonly SourceMark[]): readonly Piece[] {
  const cuts = [...new Set(marks.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let start = 0;
  return line.flatMap(({ kind, text }) => {
    const begin = start;
    const end = (start += text.length);
    const edges = [begin, ...cuts.filter((cut) => cut > begin && cut < end), end];
    return edges.slice(0, -1).map((from, index) => ({
      kind,
      text: text.slice(from - begin, (edges[index + 1] ?? end) - begin),
      marks: marks.filter((mark) => mark.from <= from && from < mark.to),
    }));
  });
}
