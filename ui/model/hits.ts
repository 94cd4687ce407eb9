/** Finds the words of a search query in texts, to mark them. */

/** A word of a query. */
export interface Hit {
  /** The operator of the word, such as `subject`; null for a word that matches anywhere. */
  readonly field: string | null;
  /** The word in lower case. */
  readonly word: string;
}

/** The operators whose values are words that are visible in a message. */
const TEXT_FIELDS = new Set(['from', 'to', 'cc', 'subject', 'body', 'text']);
const TERM = /(-?)(?:([a-z]+):)?("[^"]*"|[^\s()":]+)/gi;

/** Returns the words that a matching message contains: negated words, and operators such as `before:`, are left out. */
export function hitsOf(query: string): readonly Hit[] {
  return [...query.matchAll(TERM)].flatMap(([, negation, name, value = '']) => {
    const field = name?.toLowerCase() ?? null;
    const word = value.replaceAll(/["*]/g, '').trim().toLowerCase();
    if (negation !== '' || word === '' || value === 'OR') return [];
    if (field !== null && !TEXT_FIELDS.has(field)) return [];
    return [{ field: field === 'text' ? null : field, word }];
  });
}

/** Returns the words that are marked in a text of a message: the subject, an address, or the body. */
export const wordsFor = (hits: readonly Hit[], field: string): readonly string[] =>
  hits.filter((hit) => hit.field === null || hit.field === field).map(({ word }) => word);

/** Returns the ranges of the words in a text, in order and without overlaps; the end of a range is exclusive. */
export function rangesOf(text: string, words: readonly string[]): readonly (readonly [number, number])[] {
  const lower = text.toLowerCase();
  // A few characters change their length in lower case. The positions of words after such a character would be wrong,
  // so the text gets no marks.
  if (lower.length !== text.length) return [];
  const found: (readonly [number, number])[] = [];
  for (const word of words) {
    for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + word.length)) {
      found.push([at, at + word.length]);
    }
  }
  found.sort(([a], [b]) => a - b);
  let end = 0;
  return found.filter(([from, to]) => {
    if (from < end) return false;
    end = to;
    return true;
  });
}

export interface TextPiece {
  readonly text: string;
  readonly isHit: boolean;
}

/** Splits a text at the words. */
export function hitPieces(text: string, words: readonly string[]): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const [from, to] of rangesOf(text, words)) {
    if (from > at) pieces.push({ text: text.slice(at, from), isHit: false });
    pieces.push({ text: text.slice(from, to), isHit: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false });
  return pieces;
}
