/**
 * Converts HTML to the text that a mail client displays. Text that is hidden by styles or attributes, or that has
 * the colour of its background, is left out and counted; comments are counted as well.
 */
import { isComment, isTag, isText, type Text } from 'domhandler';
import { Cascade } from './accessibility/style/cascade.ts';
import { contrast } from './accessibility/style/color.ts';
import { styledTexts, type StyledText, type TextStyle } from './accessibility/style/computed.ts';
import { sheetsOf } from './accessibility/style/document-sheets.ts';
import { elementsOf, isApart, isUnseen, parseHtml, type AnyNode, type HtmlDocument } from './html.ts';

export interface VisibleText {
  readonly text: string;
  /** The number of characters of hidden text: text that the message contains, but that no mail client displays. */
  readonly hidden: number;
  /** The number of comments that contain text. */
  readonly comments: number;
}

/** The contrast ratio below which nobody can distinguish a text from its background; 1 is no contrast. */
const INDISTINGUISHABLE = 1.1;

function isVisible({ hidden, color, backdrop }: TextStyle): boolean {
  if (hidden) return false;
  return color === null || backdrop === null || contrast(color, backdrop) >= INDISTINGUISHABLE;
}

/** Yields the nodes of a tree in the order of the source, and `null` at the end of a block. */
function* nodesOf(root: AnyNode): Generator<AnyNode | null> {
  const stack: (AnyNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    if (node === null || !('children' in node)) continue;
    if (isTag(node) && isApart(node)) stack.push(null);
    for (let at = node.children.length - 1; at >= 0; at--) stack.push(node.children[at] ?? null);
  }
}

const tidy = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

/** Collects the displayed text of a document, node by node in the order of the source. */
class TextCollector {
  readonly #styled: Generator<StyledText, void>;
  readonly #pieces: string[] = [];
  #hidden = 0;
  #comments = 0;

  constructor(document: HtmlDocument) {
    const cascade = new Cascade(sheetsOf([...elementsOf(document)]));
    this.#styled = styledTexts(document, cascade, 'light', false);
    for (const node of nodesOf(document)) this.#add(node);
  }

  get result(): VisibleText {
    return { text: tidy(this.#pieces.join('')), hidden: this.#hidden, comments: this.#comments };
  }

  #add(node: AnyNode | null): void {
    if (node === null || (isTag(node) && isApart(node))) this.#pieces.push('\n');
    else if (isComment(node)) this.#comments += node.data.trim() === '' ? 0 : 1;
    else if (isText(node)) this.#addText(node);
  }

  #addText({ data, parent }: Text): void {
    const words = data.replace(/\s+/g, ' ');
    const element = parent !== null && isTag(parent) ? parent : null;
    // The generator `styledTexts` yields a style for each text that is in an element and not blank, in the same
    // order as this traversal.
    const style = element === null || words.trim() === '' ? null : this.#nextStyle();
    if (style === null || isVisible(style)) this.#pieces.push(words);
    else if (element !== null && !isUnseen(element)) this.#hidden += words.trim().length;
  }

  #nextStyle(): TextStyle | null {
    const next = this.#styled.next();
    return next.done === true ? null : next.value.style;
  }
}

/** Returns the displayed text of an HTML document, with line breaks between blocks. */
export function readVisibleText(html: string): VisibleText {
  return new TextCollector(parseHtml(html).document).result;
}
