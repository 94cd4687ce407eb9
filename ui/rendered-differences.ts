/**
 * Marks in two rendered messages the words that differ. The documents are a stranger's: nothing is read off them by
 * a name that an element of theirs could take (`document.body` may be an image), only by way of nodes.
 */
import { stretches, wordsOf } from './differences.ts';

interface Word {
  readonly node: Text;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Mark {
  readonly element: HTMLElement;
}

/** Elements whose text nobody sees, or that a mark would break. */
const UNSEEN = 'head, style, script, textarea, select, title';

function acceptNode(node: Node): number {
  if (node.nodeType === Node.TEXT_NODE) return NodeFilter.FILTER_ACCEPT;
  return Element.prototype.matches.call(node as Element, UNSEEN)
    ? NodeFilter.FILTER_REJECT
    : NodeFilter.FILTER_SKIP;
}

function wordsIn(root: Document): Word[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, acceptNode);
  const words: Word[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    let at = 0;
    for (const text of wordsOf((node as Text).data)) {
      if (text.trim() !== '') words.push({ node: node as Text, from: at, to: at + text.length, text });
      at += text.length;
    }
  }
  return words;
}

/** Words of one difference, node by node. */
function runsOf(words: readonly Word[]): { node: Text; from: number; to: number }[] {
  const runs: { node: Text; from: number; to: number }[] = [];
  for (const { node, from, to } of words) {
    const last = runs.at(-1);
    if (last?.node === node) last.to = to;
    else runs.push({ node, from, to });
  }
  return runs;
}

/** Wraps them, from the end so that what stands before keeps its place. Returns the first mark of each difference. */
function wrap(differences: readonly (readonly Word[])[], style: string): Mark[] {
  const firsts: Mark[] = [];
  for (const words of [...differences].reverse()) {
    let first: HTMLElement | null = null;
    for (const { node, from, to } of runsOf(words).reverse()) {
      const part = from === 0 ? node : node.splitText(from);
      if (part.data.length > to - from) part.splitText(to - from);
      const mark = document.createElement('mark');
      mark.style.cssText = style;
      part.replaceWith(mark);
      mark.append(part);
      first = mark;
    }
    if (first !== null) firsts.unshift({ element: first });
  }
  return firsts;
}

/** A mark that no style sheet of the mail hides. */
function look(colour: string): string {
  const token = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
  return (
    `all: unset !important; background: ${token(`${colour}-soft`)} !important; color: ${token('text')} !important; ` +
    `outline: 1px solid ${token(colour)} !important; border-radius: 2px !important;`
  );
}

/** For each difference its marks, on the left, the right, or both; `null` when the two are too different to tell. */
export function markDifferences(
  left: Document,
  right: Document,
): readonly { readonly left: Mark | null; readonly right: Mark | null }[] | null {
  const words = { left: wordsIn(left), right: wordsIn(right) };
  const found = stretches(
    words.left.map(({ text }) => text),
    words.right.map(({ text }) => text),
  );
  if (found === null) return null;
  const differing = found.filter(({ same }) => !same);
  const taken = differing.map((one) => words.left.slice(...one.left));
  const given = differing.map((one) => words.right.slice(...one.right));
  const leftMarks = wrap(
    taken.filter(({ length }) => length > 0),
    look('danger'),
  );
  const rightMarks = wrap(
    given.filter(({ length }) => length > 0),
    look('success'),
  );
  return differing.map((_, index) => ({
    left: (taken[index]?.length ?? 0) > 0 ? (leftMarks.shift() ?? null) : null,
    right: (given[index]?.length ?? 0) > 0 ? (rightMarks.shift() ?? null) : null,
  }));
}
