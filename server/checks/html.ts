/**
 * Parses HTML to a tree whose nodes have their positions in the source. The parser is as lenient as a
 * browser, but it neither adds nor moves elements, so that the tree corresponds to the source.
 */
import type { AnyNode, ChildNode, Document, Element } from 'domhandler';
import { DomHandler, isTag, isText } from 'domhandler';
import { Parser } from 'htmlparser2';

export type HtmlDocument = Document;
export type { AnyNode, Element };

/**
 * The maximum depth of nested elements that is parsed. Browsers allow about 500; each further level costs the parser
 * more time than the previous level.
 */
const MAX_DEPTH = 2_000;
/** The maximum number of nodes that are parsed. */
const MAX_NODES = 100_000;

/**
 * Builds the tree up to `MAX_DEPTH` levels and `MAX_NODES` nodes. `isCut` becomes true when a limit is
 * reached.
 */
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
  /** Whether the tree contains only the beginning of the document, because a limit was reached. */
  readonly truncated: boolean;
}

export function parseHtml(text: string): ParsedHtml {
  const handler = new BoundedHandler(undefined, { withStartIndices: true, withEndIndices: true });
  new Parser(handler, { decodeEntities: true }).end(text);
  return { document: handler.root, truncated: handler.isCut };
}

/**
 * Pushes the children onto the stack in reverse order, so that the first child is popped first. The children
 * are pushed one by one, because the number of arguments of a call is limited.
 */
function pushChildren(stack: (AnyNode | ' ')[], children: readonly AnyNode[]): void {
  for (const child of [...children].reverse()) stack.push(child);
}

/**
 * Yields the elements in the order of the source. An explicit stack replaces recursion, because hostile messages nest
 * deeply.
 */
export function* elementsOf(document: HtmlDocument | Element): Generator<Element> {
  const stack: AnyNode[] = [...document.children].reverse();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isTag(node)) yield node;
    if ('children' in node) pushChildren(stack, node.children);
  }
}

const UNSEEN = new Set(['script', 'style', 'title', 'head', 'template']);
/**
 * The elements whose text is separated from the words before and after them, such as paragraphs and table
 * cells.
 */
const APART = new Set(
  'address article aside blockquote br center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
);

/** Returns whether the content of an element is never displayed as text. */
export const isUnseen = ({ name }: Element): boolean => UNSEEN.has(name);
/** Returns whether the text of an element is separated from the words before and after it. */
export const isApart = ({ name }: Element): boolean => APART.has(name);

/**
 * Returns the text of a node that a reader sees: without scripts, styles and comments, and with collapsed
 * white space.
 *
 * @param limit the maximum number of nodes that are read, for callers that read the texts of many nested
 *   nodes
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

/** Matches a quoted value of an attribute, which may contain `>`, or the end of a tag. */
const VALUE_OR_END = /=\s*(?:"[^"]*"|'[^']*')|>/g;

/** Returns the index after the tag that begins at `start`. */
function tagEnd(text: string, start: number): number {
  VALUE_OR_END.lastIndex = start;
  for (let match = VALUE_OR_END.exec(text); match !== null; match = VALUE_OR_END.exec(text)) {
    if (match[0] === '>') return VALUE_OR_END.lastIndex;
  }
  return text.length;
}

/** Returns the start of an element and the end of its opening tag, as offsets in the source `text`. */
export function openingTag(element: Element, text: string): readonly [start: number, end: number] {
  const start = element.startIndex ?? 0;
  const first = element.children[0]?.startIndex ?? null;
  return [start, first ?? tagEnd(text, start)];
}
