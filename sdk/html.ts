/**
 * The HTML of a message, which can be queried with CSS selectors; implemented with htmlparser2 and
 * css-select. The element tree is built on the first query; no script runs and nothing is fetched.
 */
import { selectAll, selectOne } from 'css-select';
import { parseDocument } from 'htmlparser2';
import type { MailHtml, MailElement } from './html-types.ts';

type Document = ReturnType<typeof parseDocument>;
type ChildNode = Document['children'][number];
type Element = Extract<ChildNode, { attribs: unknown }>;

/** The names of elements whose text is not visible. */
const UNSEEN = new Set(['script', 'style', 'head', 'title', 'template']);
/** The names of elements that begin a new line. */
const BLOCKS =
  /^(?:address|article|blockquote|br|center|div|dd|dl|dt|footer|form|h[1-6]|header|hr|li|main|ol|p|pre|section|table|td|th|tr|ul)$/;

class FoundElement implements MailElement {
  readonly #node: Element;
  readonly #source: string;

  constructor(node: Element, source: string) {
    this.#node = node;
    this.#source = source;
  }

  get tagName(): string {
    return this.#node.name;
  }

  get text(): string {
    return foldSpace(textOf([this.#node], true));
  }

  get textContent(): string {
    return textOf(this.#node.children, false);
  }

  get outerHTML(): string {
    const { startIndex, endIndex } = this.#node;
    return this.#source.slice(startIndex ?? 0, (endIndex ?? 0) + 1);
  }

  get attributes(): Readonly<Record<string, string>> {
    return { ...this.#node.attribs };
  }

  getAttribute(name: string): string | null {
    return this.#node.attribs[name.toLowerCase()] ?? null;
  }

  querySelector(selector: string): MailElement | null {
    const found = selectOne<ChildNode, Element>(selector, this.#node.children);
    return found === null ? null : new FoundElement(found, this.#source);
  }

  querySelectorAll(selector: string): MailElement[] {
    return selectAll<ChildNode, Element>(selector, this.#node.children).map(
      (found) => new FoundElement(found, this.#source),
    );
  }
}

class Html implements MailHtml {
  readonly source: string;
  #tree: Document | undefined;

  constructor(source: string) {
    this.source = source;
  }

  get #document(): Document {
    return (this.#tree ??= parseDocument(this.source, { withStartIndices: true, withEndIndices: true }));
  }

  get text(): string {
    return foldSpace(textOf(this.#document.children, true));
  }

  querySelector(selector: string): MailElement | null {
    const found = selectOne<ChildNode, Element>(selector, this.#document.children);
    return found === null ? null : new FoundElement(found, this.source);
  }

  querySelectorAll(selector: string): MailElement[] {
    return selectAll<ChildNode, Element>(selector, this.#document.children).map(
      (found) => new FoundElement(found, this.source),
    );
  }

  toString(): string {
    return this.source;
  }
}

export const createHtml = (source: string): MailHtml => new Html(source);

const isText = (node: ChildNode): node is Extract<ChildNode, { data: string }> =>
  'data' in node && node.type.valueOf() === 'text';

/**
 * Returns the text of HTML nodes. The function is iterative, because the elements of a mail can be nested
 * deeper than the call stack allows.
 */
function textOf(nodes: readonly ChildNode[], seenOnly: boolean): string {
  let text = '';
  const todo: (ChildNode | string)[] = [...nodes].reverse();
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (typeof node === 'string') {
      text += node;
    } else if (isText(node)) {
      text += node.data;
    } else if ('children' in node) {
      const name = 'name' in node ? node.name : '';
      if (seenOnly && UNSEEN.has(name)) continue;
      const edge = seenOnly && BLOCKS.test(name) ? '\n' : '';
      todo.push(edge, ...[...node.children].reverse(), edge);
    }
  }
  return text;
}

/** Collapses white space as a browser does: one space for each run, no space around line breaks, no empty lines. */
const foldSpace = (text: string): string =>
  text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim();
