/** Lays out text in two columns for a terminal. */

/**
 * The width of the output on a terminal that does not report its width, and the maximum width of the output,
 * both in columns.
 */
const NORMAL = 80;
const WIDEST = 120;

/** Returns the maximum length of an output line for a terminal with the given number of columns. */
export const textWidth = (columns: number | undefined): number => Math.min(columns ?? NORMAL, WIDEST);

/** Breaks a text between words into lines of at most `width` characters; a longer word has a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * Returns a row of two texts: the left text begins at column 2, the right text at the column `start`. If the
 * left text is too long, the right text begins in the next line.
 */
export function row(left: string, right: string, start: number, width: number): string {
  const lines = wrap(right, width - start);
  const isLong = left.length > start - 4;
  const first = isLong ? `  ${left}` : `  ${left.padEnd(start - 2)}${lines.shift() ?? ''}`;
  return [first, ...lines.map((line) => `${' '.repeat(start)}${line}`)]
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
