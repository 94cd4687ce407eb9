/** Letters of scripts that put blanks between words. Texts in other scripts have codes directly beside words. */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/**
 * Returns a pattern for alternatives that match whole words only. The lookahead at the first character avoids
 * trying each alternative at each character of other scripts.
 */
export const wholeWord = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?=[${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;
