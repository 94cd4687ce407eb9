/**
 * Finds elements of a rendered mail by their position in its HTML, which the server writes into an attribute. The
 * methods of this page's own classes are used: an element of the mail could have overridden its methods by their names.
 */

import { rangesOf } from '../model/hits.ts';

const POSITION = 'data-restante-at';

const positionOf = (element: Element): number =>
  Number(Element.prototype.getAttribute.call(element, POSITION) ?? NaN);

/** Returns the elements of a document that have a position, in the order of their positions. */
export function positionedElements(root: Document): readonly Element[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT);
  const found: Element[] = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!Number.isNaN(positionOf(node as Element))) found.push(node as Element);
  }
  return found.sort((a, b) => positionOf(a) - positionOf(b));
}

/** Returns the last element that begins at an index of the HTML or before it. */
export function elementAt(elements: readonly Element[], index: number): Element | null {
  let low = -1;
  let high = elements.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const element = elements[middle];
    if (element !== undefined && positionOf(element) <= index) low = middle;
    else high = middle - 1;
  }
  return elements[low] ?? null;
}

/** Returns the position in the HTML of the element at a point of the document; null if no element is there. */
export function positionAt(root: Document, x: number, y: number): number | null {
  const hit = Document.prototype.elementFromPoint.call(root, x, y);
  const element = hit === null ? null : Element.prototype.closest.call(hit, `[${POSITION}]`);
  return element === null ? null : positionOf(element);
}

/** A rectangle in the coordinates of the visible area of a document, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the rectangle of an element; null for an element that is not rendered, such as a style sheet. */
export function boxOf(element: Element): Box | null {
  const { left, top, width, height } = Element.prototype.getBoundingClientRect.call(element);
  return width === 0 && height === 0 ? null : { left, top, width, height };
}

export const scrollToElement = (element: Element): void =>
  Element.prototype.scrollIntoView.call(element, { block: 'nearest' });

/** Returns the name of an element, for example `td`. */
export const nameOf = (element: Element): string => Reflect.get(Element.prototype, 'localName', element);

/** The maximum number of words that are marked in a rendered mail. */
const MOST_WORDS = 300;
/** A selector for elements whose text is invisible. */
const UNSEEN = 'head, style, script, textarea, select, title';

const acceptVisible = (node: Node): number =>
  node.nodeType === Node.ELEMENT_NODE
    ? Element.prototype.matches.call(node as Element, UNSEEN)
      ? NodeFilter.FILTER_REJECT
      : NodeFilter.FILTER_SKIP
    : NodeFilter.FILTER_ACCEPT;

/** Returns the rectangles of words in the text of a document. */
export function wordBoxes(root: Document, words: readonly string[]): readonly Box[] {
  if (words.length === 0) return [];
  const boxes: Box[] = [];
  const filter = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(root, filter, acceptVisible);
  for (let node = walker.nextNode(); node !== null && boxes.length < MOST_WORDS; node = walker.nextNode()) {
    for (const [from, to] of rangesOf((node as Text).data, words)) {
      const range = Document.prototype.createRange.call(root);
      range.setStart(node, from);
      range.setEnd(node, to);
      for (const { left, top, width, height } of range.getClientRects()) {
        boxes.push({ left, top, width, height });
      }
    }
  }
  return boxes;
}
