/**
 * What differs between two texts: line by line, and word by word within lines that have a counterpart. Stays within
 * a time however large and different the texts are.
 */
import { diffArrays } from 'diff';

/** A stretch of text that both sides have, or one side alone. */
export interface Piece {
  readonly text: string;
  readonly differs: boolean;
}

export interface Cell {
  /** Number of the line, from 1. */
  readonly line: number;
  readonly pieces: readonly Piece[];
}

/** Lines that stand side by side; `null` where the other side has one more. */
export interface Row {
  readonly left: Cell | null;
  readonly right: Cell | null;
  readonly same: boolean;
}

/** A stretch of tokens of both sides, by their indexes; the end is not included. */
export interface Stretch {
  readonly same: boolean;
  readonly left: readonly [from: number, to: number];
  readonly right: readonly [from: number, to: number];
}

/** Beyond this, two texts have so little in common that marks would help nobody. */
const MAX_EDITS = 4000;
/** Milliseconds one comparison may take, with all the lines and words in it. */
const TIMEOUT = 1000;

/** Until when a comparison that begins now may go on, as `performance.now()` has it. */
export const deadline = (): number => performance.now() + TIMEOUT;

/**
 * Stretches in order, or `null` where the two are too different to tell by `until`. Blanks of whatever kind and
 * number are the same.
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

/** Words, runs of blanks, and every other sign by itself. */
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
    // A blank between two words that differ differs with them: one mark, not three.
    if (last?.differs === true && same && text.trim() === '') last.text += text;
    else if (last?.differs === true && !same) last.text += text;
    else pieces.push({ text, differs: !same });
  }
  // Nor does the mark reach over the blank behind the last word.
  const last = pieces.at(-1);
  if (!last?.differs) return pieces;
  const kept = last.text.trimEnd();
  if (kept === last.text || kept === '') return pieces;
  pieces.push({ text: last.text.slice(kept.length), differs: false });
  last.text = kept;
  return pieces;
}

const whole = (text: string, differs: boolean): Piece[] => (text === '' ? [] : [{ text, differs }]);

/** Both lines in pieces; whole lines where they are too different. */
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

/** Rows of two texts, given as lines. */
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
