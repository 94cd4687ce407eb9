/**
 * Letters of scripts that put blanks between words, for use in a regular expression. In texts of other scripts,
 * a code may be directly beside a word.
 */
export const LETTERS = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}`;

/** Full stops after which no blank is needed, of all scripts, for use in a character class. */
export const STOPS = '。！？।۔។៕።։။';

/** The colons of all scripts, for use in a character class. */
export const COLONS = ':：՝፦៖';

/**
 * Returns the source of a regular expression that matches the alternatives as whole words only. It begins
 * with a lookahead for a letter or number, because trying every alternative at every character is slow.
 */
export const wholeWord = (alternatives: string): string =>
  `(?<![${LETTERS}\\p{N}])(?=[${LETTERS}\\p{N}])(?:${alternatives})(?![${LETTERS}\\p{N}])`;

/** Returns a pattern that matches the alternatives at the start of words of any script. */
export const atWordStart = (alternatives: string): string =>
  String.raw`(?<![\p{L}\p{M}\p{N}])(?=[\p{L}\d%])(?:${alternatives})`;

/** Returns the alternatives of a pattern that have at least `length` characters. Groups are not divided. */
export function longAlternatives(alternatives: string, length: number): string {
  const kept: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= alternatives.length; i += 1) {
    const sign = alternatives[i];
    if (sign === '(' || sign === '[') depth += 1;
    if (sign === ')' || sign === ']') depth -= 1;
    if (depth > 0 || (sign !== '|' && sign !== undefined)) continue;
    if (i - start >= length) kept.push(alternatives.slice(start, i));
    start = i + 1;
  }
  return kept.join('|');
}
