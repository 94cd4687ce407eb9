/** A value ready to be looked for: folded, its stars for anything. */
import { fold } from './fold.ts';

export interface Pattern {
  /** What stands between the stars, folded; a text that holds the pattern holds each of them. */
  readonly pieces: readonly string[];
  /** In a folded text. */
  readonly found: (folded: string) => boolean;
  /** The whole of a folded text, not a part of it. */
  readonly whole: (folded: string) => boolean;
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

function makePattern(folded: string): Pattern {
  const pieces = folded.split(/\*+/);
  if (pieces.length === 1) {
    return { pieces, found: (text) => text.includes(folded), whole: (text) => text === folded };
  }
  return { pieces, found: (text) => hasInOrder(text, pieces), whole: (text) => isWhole(text, pieces) };
}

/** Pieces one after another, greedily from the left: linear, whatever the stars. */
function hasInOrder(text: string, pieces: readonly string[]): boolean {
  let at = 0;
  for (const piece of pieces) {
    const index = text.indexOf(piece, at);
    if (index === -1) return false;
    at = index + piece.length;
  }
  return true;
}

function isWhole(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  return hasInOrder(text.slice(first.length, text.length - last.length), pieces.slice(1, -1));
}
