/**
 * HTML as a tree with the place of each node in its source. The parser is as lenient as browsers' are and puts
 * nothing in or elsewhere, so that what is found is what was written.
 */
import type { AnyNode, ChildNode, Document, Element } from 'domhandler';
import { DomHandler, isTag, isText } from 'domhandler';
import { Parser } from 'htmlparser2';

export type HtmlDocument = Document;
export type { AnyNode, Element };

/** Elements inside each other, and nodes, that are read: browsers nest some 500, and each level costs the parser more. */
const MAX_DEPTH = 2_000;
const MAX_NODES = 100_000;

/** Builds the tree up to the limits; `isCut` says whether something lies beyond them. */
class BoundedHandler extends DomHandler {
  isCut = false;
  #parser: Parser | undefined;
  #nodes = 0;

  override onparserinit(parser: Parser): void {
    this.#parser = parser;
    super.onparserinit(parser);
  }

  override addNode(node: ChildNode): void {
    if (this.isCut) return;
    super.addNode(node);
    this.isCut = ++this.#nodes >= MAX_NODES || this.tagStack.length > MAX_DEPTH;
    if (this.isCut) this.#parser?.pause();
  }
}

interface ParsedHtml {
  readonly document: HtmlDocument;
  /** Whether it nests too deep or holds too many nodes to be read to its end. */
  readonly truncated: boolean;
}

export function parseHtml(text: string): ParsedHtml {
  const handler = new BoundedHandler(undefined, { withStartIndices: true, withEndIndices: true });
  new Parser(handler, { decodeEntities: true }).end(text);
  return { document: handler.root, truncated: handler.isCut };
}

/** The first child comes off the stack first. One by one: arguments are limited in number, children are not. */
function pushChildren(stack: (AnyNode | ' ')[], children: readonly AnyNode[]): void {
  for (const child of [...children].reverse()) stack.push(child);
}

/** Every element in the order of the source; on an explicit stack, as hostile mail nests without end. */
export function* elementsOf(document: HtmlDocument | Element): Generator<Element> {
  const stack: AnyNode[] = [...document.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isTag(node)) yield node;
    if ('children' in node) pushChildren(stack, node.children);
  }
}

const UNSEEN = new Set(['script', 'style', 'title', 'head', 'template']);
/** Elements that stand apart from the words before and after them. */
const APART = new Set(
  'address article aside blockquote br center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);

/**
 * Text that a reader sees of a node: without scripts, styles and comments; white space collapsed.
 *
 * @param limit nodes that are looked at, for callers who ask of many nodes inside each other.
 */
export function visibleText(root: HtmlDocument | Element, limit = Infinity): string {
  const pieces: string[] = [];
  const stack: (AnyNode | ' ')[] = [root];
  let looks = 0;
  for (let node = stack.pop(); node !== undefined && looks++ < limit; node = stack.pop()) {
    if (node === ' ') pieces.push(node);
    else if (isText(node)) pieces.push(node.data);
    else if ('children' in node && !(isTag(node) && UNSEEN.has(node.name))) {
      const apart = isTag(node) && APART.has(node.name);
      if (apart) pieces.push(' ');
      if (apart) stack.push(' ');
      pushChildren(stack, node.children);
    }
  }
  return pieces.join('').replace(/\s+/g, ' ').trim();
}

/** From an element's first character to the end of its opening tag, in the source `text`. */
export function openingTag(element: Element, text: string): readonly [start: number, end: number] {
  const start = element.startIndex ?? 0;
  const first = element.children[0]?.startIndex ?? null;
  const close = text.indexOf('>', start);
  const end = first ?? (close === -1 ? text.length : close + 1);
  return [start, end];
}
