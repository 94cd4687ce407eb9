/** Records the elements, attributes, URLs and styles that an HTML document uses, from the tree of htmlparser2. */
import { isComment, isDirective, isTag, isText } from 'domhandler';
import { attributePlace } from '../attribute-place.ts';
import type { AnyNode, Element, HtmlDocument } from '../html.ts';
import { CssReader } from './observe-css.ts';
import { imageWord, observeUrl } from './observe-url.ts';
import { Observations } from './observations.ts';

/** Maps the name of an element to the names of its attributes whose value is the URL of an image. */
const IMAGES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    img: ['src'],
    source: ['src'],
    input: ['src'],
    image: ['href', 'xlink:href'],
    video: ['poster'],
  }),
);

/** Returns the Content-ID of a `cid:` URL; `null` for any other URL. */
const contentId = (address: string): string | null =>
  /^cid:/i.test(address.trim()) ? address.trim().slice(4).replace(/^<|>$/g, '') : null;

/** One use of an HTML feature by an element. */
export interface ElementUse {
  /** The name of the feature, such as `element:table`. */
  readonly word: string;
  /** The attribute that uses the feature; `null` if the element itself uses it. */
  readonly attribute: string | null;
}

type See = (word: string, attribute?: string) => void;

/** Returns the URLs of the images that an element displays, each with its attribute. */
function imageUrls({ name, attribs }: Element): readonly (readonly [attribute: string, url: string])[] {
  const set = (attribs['srcset'] ?? '').split(/,\s+/).map((candidate) => candidate.trim().split(/\s/)[0]);
  const urls = [
    ...[...(IMAGES.get(name) ?? []), 'background'].map(
      (attribute) => [attribute, attribs[attribute]] as const,
    ),
    ...set.map((url) => ['srcset', url] as const),
  ];
  return urls.flatMap(([attribute, url]) =>
    url === undefined || url === '' ? [] : [[attribute, url] as const],
  );
}

/**
 * Records the types of the images that an element displays. `types` contains the media subtype of each image
 * part, by Content-ID.
 */
function observeImages(element: Element, see: See, types: ReadonlyMap<string, string>): void {
  for (const [attribute, url] of imageUrls(element)) {
    const id = contentId(url);
    if (id === null) observeUrl(url, (word) => see(word, attribute));
    else if (types.has(id)) see(imageWord(types.get(id) ?? ''), attribute);
  }
}

function observeLink(element: Element, see: See): void {
  const href = element.name === 'a' || element.name === 'area' ? element.attribs['href'] : undefined;
  if (href !== undefined && /^\s*#./.test(href)) see('link:anchor', 'href');
  if (href !== undefined && /^\s*mailto:/i.test(href)) see('link:mailto', 'href');
}

/** Records the variant of an element that depends on an attribute, such as the type of an input. */
function observeVariant(element: Element, see: See): void {
  const { name, attribs } = element;
  if (name === 'input') see(`input:${(attribs['type'] ?? 'text').trim().toLowerCase()}`);
  if (name === 'button') see(`button:${(attribs['type'] ?? 'submit').trim().toLowerCase()}`);
  if (name === 'meta') see(`meta:${(attribs['name'] ?? '').trim().toLowerCase()}`);
}

/**
 * Returns the features that an element and its attributes use, except the features of its style.
 * @param types the media subtype of each image part of the message, by Content-ID
 */
export function elementUses(element: Element, types: ReadonlyMap<string, string>): readonly ElementUse[] {
  const uses: ElementUse[] = [];
  const see: See = (word, attribute) => void uses.push({ word, attribute: attribute ?? null });
  see(`element:${element.name}`);
  for (const name of Object.keys(element.attribs)) see(`attribute:${name}`, name);
  observeVariant(element, see);
  observeImages(element, see, types);
  observeLink(element, see);
  return uses;
}

/** Visits the nodes of one document and records the features that they use. */
class Reader {
  readonly seen = new Observations();
  readonly #text: string;
  readonly #types: ReadonlyMap<string, string>;
  readonly #css = new CssReader(this.seen);

  constructor(text: string, types: ReadonlyMap<string, string>) {
    this.#text = text;
    this.#types = types;
  }

  readNode(node: AnyNode): void {
    const index = node.startIndex ?? 0;
    if (isComment(node)) {
      // A conditional comment contains code for Outlook, so it is not recorded as a comment.
      if (!/^\s*\[if\s|^<!\[endif\]/.test(node.data)) this.seen.see('comment:html', index);
    } else if (isDirective(node)) {
      if (/^!doctype\s+html\s*$/i.test(node.data)) this.seen.see('doctype:html5', index);
    } else if (isTag(node)) {
      this.#readElement(node);
    }
  }

  #readElement(element: Element): void {
    const index = element.startIndex ?? 0;
    for (const { word } of elementUses(element, this.#types)) this.seen.see(word, index);
    if (element.name === 'style') this.#readSheet(element);
    const style = element.attribs['style'];
    if (style !== undefined) {
      // Entities in the attribute are longer in the source than the characters that they stand for, so
      // positions after an entity are slightly too low.
      const start = attributePlace(element, this.#text, 'style')?.[0] ?? index;
      this.#css.readDeclarations(style, start);
    }
  }

  #readSheet(element: Element): void {
    const [text] = element.children;
    if (text !== undefined && isText(text)) this.#css.readSheet(text.data, text.startIndex ?? 0);
  }
}

/**
 * Returns the features that a document uses, as words like `element:table`. The document was parsed from
 * `text`. `types` contains the media subtype of each image part, by Content-ID.
 */
export function observeHtml(
  document: HtmlDocument,
  text: string,
  types: ReadonlyMap<string, string>,
): Observations {
  const reader = new Reader(text, types);
  const waiting: AnyNode[] = [document];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    reader.readNode(node);
    if ('children' in node) for (const child of node.children) waiting.push(child);
  }
  return reader.seen;
}
