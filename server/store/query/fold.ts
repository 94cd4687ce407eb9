/**
 * How text is compared: case does not count, nor the way an accented letter is composed. Search text, values and
 * the index all go through this one function.
 */
export function fold(text: string): string {
  // Most mail is ASCII, where normalising changes nothing and costs much.
  // eslint-disable-next-line no-control-regex -- the range is what ASCII is
  if (/^[\u0000-\u007f]*$/.test(text)) return text.toLowerCase();
  // Upper case first: ß and ſ meet SS and S there, as case folding wants (Unicode 3.13).
  return text.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}

/** A value as typed, ready to be looked for: its stars stand for anything. */
export interface Pattern {
  found(folded: string): boolean;
  /** The whole of a text, not a part of it. */
  whole(folded: string): boolean;
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

function makePattern(folded: string): Pattern {
  if (!folded.includes('*')) {
    return { found: (text) => text.includes(folded), whole: (text) => text === folded };
  }
  const pieces = folded.split(/\*+/);
  return { found: (text) => hasInOrder(text, pieces), whole: (text) => isWhole(text, pieces) };
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
