/**
 * Compares two texts line by line, and word by word within lines that have a counterpart. The comparison takes
 * limited time, however large and different the texts are.
 */
import { diffArrays } from 'diff';

/** A piece of text that is equal on both sides, or that only one side has. */
export interface Piece {
  readonly text: string;
  readonly differs: boolean;
}

export interface Cell {
  /** The number of the line in its text, counted from 1. */
  readonly line: number;
  readonly pieces: readonly Piece[];
}

/** Two lines side by side; a side is `null` if only the other side has a line in this row. */
export interface Row {
  readonly left: Cell | null;
  readonly right: Cell | null;
  readonly same: boolean;
}

/** A range of tokens on both sides, given by the indexes of its first token and of the token after its last token. */
export interface Stretch {
  readonly same: boolean;
  readonly left: readonly [from: number, to: number];
  readonly right: readonly [from: number, to: number];
}

/**
 * The maximum number of edits between two texts: if there are more, the texts have too little in common for
 * marks to help.
 */
const MAX_EDITS = 4000;
/** The time limit of one comparison, including all its lines and words, in milliseconds. */
const TIMEOUT = 1000;

/** Returns the end of the time limit for a comparison that starts now, as a value of `performance.now()`. */
export const deadline = (): number => performance.now() + TIMEOUT;

/**
 * Returns the equal and the different ranges of two token lists in order, or `null` if the comparison exceeds
 * the limit of time or edits. All runs of white space are treated as equal.
 */
export function stretches(
  left: readonly string[],
  right: readonly string[],
  until = deadline(),
): Stretch[] | null {
  const timeout = until - performance.now();
  if (timeout <= 0) return null;
  const changes = diffArrays([...left], [...right], {
    comparator: (a, b) => a === b || (a.trim() === '' && b.trim() === ''),
    maxEditLength: MAX_EDITS,
    timeout,
  });
  if (changes === undefined) return null;
  const found: Stretch[] = [];
  let at = 0;
  let to = 0;
  let open: { at: number; to: number } | null = null;
  const close = (): void => {
    if (open !== null) found.push({ same: false, left: [open.at, at], right: [open.to, to] });
    open = null;
  };
  for (const { added, removed, count } of changes) {
    if (added || removed) {
      open ??= { at, to };
      if (removed) at += count;
      else to += count;
      continue;
    }
    close();
    found.push({ same: true, left: [at, at + count], right: [to, to + count] });
    at += count;
    to += count;
  }
  close();
  return found;
}

/** Splits a text into words, runs of white space, and other single characters. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{M}\p{N}_]+|\s+|[^]/gu) ?? [];

function piecesOf(
  words: readonly string[],
  ranges: readonly (readonly [number, number, boolean])[],
): Piece[] {
  const pieces: { text: string; differs: boolean }[] = [];
  for (const [from, to, same] of ranges) {
    const text = words.slice(from, to).join('');
    if (text === '') continue;
    const last = pieces.at(-1);
    // White space between two different words is added to the difference, so that there is one mark, not
    // three.
    if (last?.differs === true && same && text.trim() === '') last.text += text;
    else if (last?.differs === true && !same) last.text += text;
    else pieces.push({ text, differs: !same });
  }
  // The mark of a difference does not include the white space after the last word.
  const last = pieces.at(-1);
  if (!last?.differs) return pieces;
  const kept = last.text.trimEnd();
  if (kept === last.text || kept === '') return pieces;
  pieces.push({ text: last.text.slice(kept.length), differs: false });
  last.text = kept;
  return pieces;
}

const whole = (text: string, differs: boolean): Piece[] => (text === '' ? [] : [{ text, differs }]);

/**
 * Splits two lines into equal and different pieces. If the lines differ too much, each line becomes one
 * different piece.
 */
function compareWords(left: string, right: string, until: number): { left: Piece[]; right: Piece[] } {
  const words = { left: wordsOf(left), right: wordsOf(right) };
  const found = stretches(words.left, words.right, until);
  if (!found?.some(({ same }) => same)) return { left: whole(left, true), right: whole(right, true) };
  return {
    left: piecesOf(
      words.left,
      found.map(({ left: [from, to], same }) => [from, to, same] as const),
    ),
    right: piecesOf(
      words.right,
      found.map(({ right: [from, to], same }) => [from, to, same] as const),
    ),
  };
}

/** Returns the rows of a side-by-side comparison of two texts, given as lines. */
export function compareLines(left: readonly string[], right: readonly string[], until = deadline()): Row[] {
  const found = stretches(left, right, until) ?? [
    { same: false, left: [0, left.length] as const, right: [0, right.length] as const },
  ];
  return found.flatMap(({ same, left: [from, to], right: [otherFrom, otherTo] }) =>
    Array.from({ length: Math.max(to - from, otherTo - otherFrom) }, (_, index): Row => {
      const mine = from + index < to ? left[from + index] : undefined;
      const theirs = otherFrom + index < otherTo ? right[otherFrom + index] : undefined;
      const pieces =
        !same && mine !== undefined && theirs !== undefined
          ? compareWords(mine, theirs, until)
          : { left: whole(mine ?? '', !same), right: whole(theirs ?? '', !same) };
      return {
        left: mine === undefined ? null : { line: from + index + 1, pieces: pieces.left },
        right: theirs === undefined ? null : { line: otherFrom + index + 1, pieces: pieces.right },
        same,
      };
    }),
  );
}
