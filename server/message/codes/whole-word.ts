/**
 * Letters of scripts that put blanks between words, for use in a regular expression. In texts of other scripts,
 * a code may be directly beside a word.
 */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/**
 * Returns a pattern that matches the alternatives as whole words only. The lookahead at the first character
 * avoids trying each alternative at each character of other scripts.
 */
export const wholeWord = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?=[${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;
