/** A value ready to be looked for: folded, its stars for anything. */
import { fold } from './fold.ts';
import { Finder, isSmall, Needle } from './substring.ts';

export interface Pattern {
  /** What stands between the stars, folded; a text that holds the pattern holds each of them. */
  readonly pieces: readonly string[];
  /** In a folded text. */
  readonly found: (folded: string) => boolean;
  /** The whole of a folded text, not a part of it. */
  readonly whole: (folded: string) => boolean;
  /** The same as `found`, for a long text, in steps. */
  readonly finder: (folded: string) => Finder;
}

const patterns = new Map<string, Pattern>();
/** Patterns remembered: a query is matched against many messages, and there are few queries at a time. */
const MAX_PATTERNS = 500;

export function patternOf(value: string): Pattern {
  let pattern = patterns.get(value);
  if (pattern === undefined) {
    pattern = makePattern(fold(value));
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(value, pattern);
  }
  return pattern;
}

/** Whether a value leaves nothing to look for: it would match everything. */
export const isBlank = (value: string): boolean => fold(value).replaceAll('*', '').trim() === '';

/** A pattern of a folded value; `*` stands for anything. */
export function makePattern(folded: string): Pattern {
  const pieces = folded.split(/\*+/);
  const needles = pieces.filter((piece) => piece !== '').map((piece) => new Needle(piece));
  const finder = (text: string): Finder => new Finder(needles, text);
  if (pieces.length === 1)
    return { pieces, found: containing(folded, finder), whole: (text) => text === folded, finder };
  return {
    pieces,
    found: (text) => finder(text).finish(),
    whole: (text) => isWhole(text, pieces, needles),
    finder,
  };
}

const literals = new Map<string, Pattern>();
/** Literal patterns remembered: those of one command of each of a few sessions. */
const MAX_LITERALS = 50;

/** A pattern of a folded value in which stars stand for themselves, as IMAP has it. */
export function literalPattern(folded: string): Pattern {
  let pattern = literals.get(folded);
  if (pattern === undefined) {
    pattern = makeLiteral(folded);
    if (literals.size >= MAX_LITERALS) literals.clear();
    literals.set(folded, pattern);
  }
  return pattern;
}

function makeLiteral(folded: string): Pattern {
  const needles = [new Needle(folded)];
  const finder = (text: string): Finder => new Finder(needles, text);
  return { pieces: [folded], found: containing(folded, finder), whole: (text) => text === folded, finder };
}

/** The engine's own search where it is fast at worst. */
const containing =
  (folded: string, finder: (text: string) => Finder) =>
  (text: string): boolean =>
    isSmall(text, folded) ? text.includes(folded) : finder(text).finish();

function isWhole(text: string, pieces: readonly string[], needles: readonly Needle[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  const inner = needles.slice(first === '' ? 0 : 1, last === '' ? undefined : -1);
  return new Finder(inner, text, first.length, text.length - last.length).finish();
}
