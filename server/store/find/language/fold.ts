/**
 * Folds text for comparison: applies Unicode's NFKC_Casefold and replaces each run of white space by one
 * space. Texts are then equal if they differ only in case, in the encoding of a character or in invisible
 * characters, and a phrase is found across a line break. Search terms, message texts and the search index all
 * use this function.
 */

/**
 * Version of the folding. It is stored with a search index, because an index that was built with another
 * version is unusable.
 */
export const FOLD_VERSION = `2/${process.versions['unicode'] ?? ''}`;

/* eslint-disable no-control-regex -- the range is what ASCII is */
const ASCII = /^[\u0000-\u007f]*$/;
/**
 * Matches a run of non-ASCII characters and the character before it. They are folded together, because a
 * combining mark changes the character before it.
 */
const BEYOND_ASCII = /[\u0000-\u007f]?[^\u0000-\u007f]+/g;
/* eslint-enable no-control-regex */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const SPACES = /[^\S ]\s*| \s+/g;

export function fold(text: string): string {
  // ASCII text needs no Unicode normalization, which is slow. Most mail is ASCII, or nearly so.
  if (ASCII.test(text)) return text.toLowerCase().replace(SPACES, ' ');
  return text.replace(BEYOND_ASCII, caseFold).toLowerCase().replaceAll('ς', 'σ').replace(SPACES, ' ');
}

/**
 * Folds twice, because the removal of an invisible character may leave two adjacent characters that are then
 * composed into one (Unicode 3.13, toNFKC_Casefold).
 */
const caseFold = (text: string): string => foldOnce(foldOnce(text));

/**
 * Folds a text once. The text is converted to upper case first and then to lower case, so that ß and ſ become
 * equal to SS and S, as case folding requires.
 */
const foldOnce = (text: string): string =>
  text.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase().normalize('NFKC');
