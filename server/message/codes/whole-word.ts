/**
 * Letters of scripts that put blanks between words, for use in a regular expression. In texts of other scripts,
 * a code may be directly beside a word.
 */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/**
 * Returns the source of a regular expression that matches the alternatives as whole words only. It begins
 * with a lookahead for a letter or number, because trying every alternative at every character is slow.
 */
export const wholeWord = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?=[${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;
