/**
 * Folds text for comparison: applies Unicode's NFKC_Casefold, which removes differences of case, of the encoding of
 * a character, and of invisible characters; and replaces each run of white space by one space, so that a phrase is
 * found across a line break. Search terms, message texts and the search index all use this one function.
 */

/** Version of the folding: an index made by another version is unusable. */
export const FOLD_VERSION = `2/${process.versions['unicode'] ?? ''}`;

/* eslint-disable no-control-regex -- the range is what ASCII is */
const ASCII = /^[\u0000-\u007f]*$/;
/**
 * Matches non-ASCII text with the character before it, because a combining mark changes the character before it.
 * These are the parts that must be folded together.
 */
const BEYOND_ASCII = /[\u0000-\u007f]?[^\u0000-\u007f]+/g;
/* eslint-enable no-control-regex */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const SPACES = /[^\S ]\s*| \s+/g;

export function fold(text: string): string {
  // Most mail is ASCII or nearly so, and Unicode normalization is slow.
  if (ASCII.test(text)) return text.toLowerCase().replace(SPACES, ' ');
  return text.replace(BEYOND_ASCII, caseFold).toLowerCase().replaceAll('ς', 'σ').replace(SPACES, ' ');
}

/**
 * Folds twice: removing invisible characters may bring characters together that then compose (Unicode 3.13,
 * toNFKC_Casefold).
 */
const caseFold = (text: string): string => foldOnce(foldOnce(text));

/** Converts to upper case first, so that ß and ſ become equal to SS and S, as case folding requires. */
const foldOnce = (text: string): string =>
  text.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase().normalize('NFKC');
