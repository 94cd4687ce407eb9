/**
 * Marks the different words and pictures in two rendered messages. The documents are untrusted: the code
 * reads them only through the methods of DOM nodes, never through named properties, which an element of the
 * mail could override (`document.body` may be an image).
 */
import { stretches, wordsOf } from '../model/compare/differences.ts';
import type { Pictures } from './rendered-pictures.ts';

interface Word {
  readonly node: Text;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}
interface Picture {
  readonly node: HTMLImageElement;
  /** The text that identifies this picture when it is compared with other pictures and with words. */
  readonly text: string;
}
type Piece = Word | Picture;
const isPicture = (piece: Piece): piece is Picture => !('from' in piece);

export interface Mark {
  readonly element: HTMLElement;
}

/** A selector for elements whose text is invisible, or whose content a mark would break. */
const UNSEEN = 'head, style, script, textarea, select, title';

/**
 * Returns whether a DOM node is an image. The node belongs to another window, so `instanceof` does not work.
 */
const isImage = (node: Node): node is HTMLImageElement => node.nodeName === 'IMG';

function acceptNode(node: Node): number {
  if (node.nodeType === Node.TEXT_NODE || isImage(node)) return NodeFilter.FILTER_ACCEPT;
  return Element.prototype.matches.call(node as Element, UNSEEN)
    ? NodeFilter.FILTER_REJECT
    : NodeFilter.FILTER_SKIP;
}

function* nodesIn(root: Document): Generator<Text | HTMLImageElement> {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, acceptNode);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    yield node as Text | HTMLImageElement;
  }
}

export const picturesIn = (root: Document): HTMLImageElement[] => [...nodesIn(root)].filter(isImage);

function piecesIn(root: Document, pictures: Pictures): Piece[] {
  const pieces: Piece[] = [];
  for (const node of nodesIn(root)) {
    if (isImage(node)) {
      const told = pictures.get(node);
      if (told !== undefined) pieces.push({ node, text: `\u{fffc}${told}` });
      continue;
    }
    let at = 0;
    for (const text of wordsOf(node.data)) {
      if (text.trim() !== '') pieces.push({ node, from: at, to: at + text.length, text });
      at += text.length;
    }
  }
  return pieces;
}

/**
 * Joins the adjacent words of a difference in the same text node, so that they get one mark. Each picture gets its
 * own mark.
 */
function runsOf(pieces: readonly Piece[]): (Picture | Omit<Word, 'text'>)[] {
  const runs: (Picture | { node: Text; from: number; to: number })[] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (isPicture(piece)) runs.push(piece);
    else if (last !== undefined && 'to' in last && last.node === piece.node) last.to = piece.to;
    else runs.push({ node: piece.node, from: piece.from, to: piece.to });
  }
  return runs;
}

function markWords({ node, from, to }: Omit<Word, 'text'>, style: string): HTMLElement {
  const part = from === 0 ? node : node.splitText(from);
  if (part.data.length > to - from) part.splitText(to - from);
  const mark = document.createElement('mark');
  mark.style.cssText = style;
  part.replaceWith(mark);
  mark.append(part);
  return mark;
}

/** Marks a picture by an outline: a new element around the picture could break the layout of the mail. */
function markPicture({ node }: Picture, colour: string): HTMLElement {
  node.style.setProperty('outline', `3px solid ${token(colour)}`, 'important');
  node.style.setProperty('outline-offset', '2px', 'important');
  return node;
}

/**
 * Marks the differences from the last to the first, so that earlier text offsets stay valid. Returns the first mark
 * of each difference.
 */
function markAll(differences: readonly (readonly Piece[])[], colour: string): Mark[] {
  const firsts: Mark[] = [];
  const style = look(colour);
  for (const pieces of [...differences].reverse()) {
    let first: HTMLElement | null = null;
    for (const run of runsOf(pieces).reverse()) {
      first = 'to' in run ? markWords(run, style) : markPicture(run, colour);
    }
    if (first !== null) firsts.unshift({ element: first });
  }
  return firsts;
}

/**
 * Returns the value of a design token (a CSS variable of this page). The marks in a mail contain the value
 * itself, so that the style sheets of the mail cannot hide the marks.
 */
const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
function look(colour: string): string {
  return (
    `all: unset !important; background: ${token(`${colour}-soft`)} !important; color: ${token('text')} !important; ` +
    `outline: 1px solid ${token(colour)} !important; border-radius: 2px !important;`
  );
}

/**
 * Marks every difference in both documents. Returns the marks of each difference on the left, on the right, or both;
 * `null` if the documents differ too much to be compared.
 */
export function markDifferences(
  left: { readonly root: Document; readonly pictures: Pictures },
  right: { readonly root: Document; readonly pictures: Pictures },
): readonly { readonly left: Mark | null; readonly right: Mark | null }[] | null {
  const pieces = {
    left: piecesIn(left.root, left.pictures),
    right: piecesIn(right.root, right.pictures),
  };
  const found = stretches(
    pieces.left.map(({ text }) => text),
    pieces.right.map(({ text }) => text),
  );
  if (found === null) return null;
  const differing = found.filter(({ same }) => !same);
  const taken = differing.map((one) => pieces.left.slice(...one.left));
  const given = differing.map((one) => pieces.right.slice(...one.right));
  const leftMarks = markAll(
    taken.filter(({ length }) => length > 0),
    'danger',
  );
  const rightMarks = markAll(
    given.filter(({ length }) => length > 0),
    'success',
  );
  return differing.map((_, index) => ({
    left: (taken[index]?.length ?? 0) > 0 ? (leftMarks.shift() ?? null) : null,
    right: (given[index]?.length ?? 0) > 0 ? (rightMarks.shift() ?? null) : null,
  }));
}
