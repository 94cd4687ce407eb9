/**
 * How text is compared: by Unicode's NFKC_Casefold, so that neither case nor the way a letter is written counts, nor
 * what cannot be seen; and any run of white space is one space, so that a phrase is found across a line break. What
 * is looked for, what is looked through and the search index all go through this one function.
 */

/** Of the folding: an index made by another is of no use. */
export const FOLD_VERSION = `2/${process.versions['unicode'] ?? ''}`;

/* eslint-disable no-control-regex -- the range is what ASCII is */
const ASCII = /^[\u0000-\u007f]*$/;
/** Marks combine with a letter before them, never with one behind: all that folding looks at together. */
const BEYOND_ASCII = /[\u0000-\u007f]?[^\u0000-\u007f]+/g;
/* eslint-enable no-control-regex */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}+/gu;
const SPACES = /[^\S ]\s*| \s+/g;

export function fold(text: string): string {
  // Most mail is ASCII or nearly so, and normalising costs much.
  if (ASCII.test(text)) return text.toLowerCase().replace(SPACES, ' ');
  return text.replace(BEYOND_ASCII, caseFold).toLowerCase().replaceAll('ς', 'σ').replace(SPACES, ' ');
}

/** Twice, as what is left out may part what then composes (Unicode 3.13, toNFKC_Casefold). */
const caseFold = (text: string): string => foldOnce(foldOnce(text));

/** Upper case first: ß and ſ meet SS and S there, as case folding wants. */
const foldOnce = (text: string): string =>
  text.normalize('NFKC').replace(INVISIBLE, '').toUpperCase().toLowerCase().normalize('NFKC');
