/** Letters of the scripts that put blanks between words; the others write codes directly beside their words. */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/**
 * A pattern for alternatives that match only as whole words. The look ahead at their first character spares other scripts
 * the trial of each alternative at each of their characters.
 */
export const wholeWord = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?=[${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;
