/**
 * Letters of scripts that put blanks between words, for use in a regular expression. In texts of other scripts,
 * a code may be directly beside a word.
 */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/** Full stops after which no blank is needed, of all scripts, for use in a character class. */
export const STOPS = '。！？।۔។៕።։။';

/** The colons of all scripts, for use in a character class. */
export const COLONS = ':：՝፦៖';

/** The start and the end of a word in a script with blanks between words, as assertions of a regular expression. */
export const WHOLE_START = String.raw`(?<![${LETTERS}\p{N}])(?=[${LETTERS}\p{N}])`;
export const WHOLE_END = String.raw`(?![${LETTERS}\p{N}])`;

/** The start of a word in any script, as an assertion of a regular expression. */
export const WORD_START = String.raw`(?<![\p{L}\p{M}\p{N}])(?=[\p{L}\d%])`;
