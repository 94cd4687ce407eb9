/**
 * Compiles the values of search terms to patterns. A value is folded for comparison (see `fold`), and `*` in
 * it matches any characters.
 */
import { fold } from './fold.ts';
import { Finder, isSmall, Needle } from './substring.ts';

export interface Pattern {
  /**
   * The parts of the search value between the stars (`*`), folded for comparison (see `fold`). A text that
   * matches the pattern contains each of these parts.
   */
  readonly pieces: readonly string[];
  /** Returns whether a text that was folded for comparison contains a match of the pattern. */
  readonly found: (folded: string) => boolean;
  /** Returns whether the pattern matches the whole of a text that was folded for comparison. */
  readonly whole: (folded: string) => boolean;
  /** Returns an object that searches a long text in steps, with the same result as `found`. */
  readonly finder: (folded: string) => Finder;
}

const patterns = new Map<string, Pattern>();
/**
 * Maximum number of cached patterns. Patterns are cached because a query is matched with many messages; a
 * small cache suffices, because few queries run at a time.
 */
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

/** Returns whether a value is blank or consists only of stars (`*`). Such a value would match every text. */
export const isBlank = (value: string): boolean => fold(value).replaceAll('*', '').trim() === '';

/**
 * Returns the pattern for a search value in which `*` matches any characters. The value must be folded for
 * comparison (see `fold`).
 */
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
/**
 * Maximum number of cached patterns in which `*` is an ordinary character (IMAP SEARCH); enough for one
 * SEARCH command in each of a few sessions.
 */
const MAX_LITERALS = 50;

/**
 * Returns the pattern for a search value in which `*` is an ordinary character, as in IMAP. The value must be
 * folded for comparison (see `fold`).
 */
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

/**
 * Returns a function that tests whether a text contains the search value `folded`. It uses the native
 * `includes` if this is fast even in the worst case, otherwise a `Finder`.
 */
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
