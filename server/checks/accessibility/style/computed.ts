/**
 * Computes the style of text: its colour, its background, its size, its weight and its visibility. Styles are
 * inherited down the tree. A colour that depends on an image or a variable is unknown.
 */
import { isTag, isText } from 'domhandler';
import { elementsOf, type AnyNode, type Element, type HtmlDocument } from '../../html.ts';
import type { Cascade } from './cascade.ts';
import { BLACK, over, parseAttributeColor, parseColor, TRANSPARENT, WHITE, type Color } from './color.ts';
import { fontSizeAttribute, fontSizeOf, sizeInShorthand } from './font-size.ts';
import type { Scheme } from './sheet.ts';

export interface TextStyle {
  /** The text colour; `null` if the colour is unknown. */
  readonly color: Color | null;
  /** The opaque colour behind the text; `null` if an image is behind the text or the colour is unknown. */
  readonly backdrop: Color | null;
  /** The font size of the text in CSS pixels. */
  readonly size: number;
  readonly bold: boolean;
  /** Whether the text is invisible, as the preview texts (preheaders) of newsletters are. */
  readonly hidden: boolean;
  readonly transform: string;
  readonly align: string;
}

/** A run of text, its parent element and its style. */
export interface StyledText {
  readonly element: Element;
  readonly text: string;
  readonly style: TextStyle;
}

/** The default colours of a browser for each colour scheme. */
const CANVAS = {
  light: { color: BLACK, backdrop: WHITE, link: parseColor('#0000ee') },
  dark: { color: WHITE, backdrop: parseColor('#121212'), link: parseColor('#9e9eff') },
} as const;

const HEADING_SIZES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    h1: 2,
    h2: 1.5,
    h3: 1.17,
    h4: 1,
    h5: 0.83,
    h6: 0.67,
  }),
);
const BOLD = new Set(['b', 'strong', 'th', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const UNSEEN = new Set(['script', 'style', 'title', 'head', 'template', 'noscript', 'select', 'textarea']);

type Declared = ReadonlyMap<string, string>;

/** Blends a colour with the colour behind it. Returns `null` if one of the colours is unknown. */
const laid = (color: Color | null, backdrop: Color | null): Color | null =>
  color === null ? null : color.alpha === 1 ? color : backdrop === null ? null : over(color, backdrop);

function colorOf(element: Element, declared: Declared, parent: TextStyle, link: Color | null): Color | null {
  const { attribs, name } = element;
  const value = declared.get('color');
  if (value === 'inherit' || value === 'currentcolor' || value === 'unset') return parent.color;
  if (value !== undefined) return parseColor(value);
  const attribute = name === 'font' ? attribs['color'] : name === 'body' ? attribs['text'] : undefined;
  if (attribute !== undefined) return parseAttributeColor(attribute) ?? parent.color;
  return name === 'a' && attribs['href'] !== undefined ? link : parent.color;
}

const IMAGE = /url\(|gradient\(|image-set\(/;

/**
 * Returns the colour in the value of the CSS property `background`: `TRANSPARENT` if the value names no
 * colour, `null` if it contains a variable.
 */
function backgroundColor(value: string): Color | null {
  if (value.includes('var(')) return null;
  const parts = value
    .replace(/[\w-]+\((?:[^()]|\([^()]*\))*\)/g, (call) => call.replace(/\s/g, ''))
    .split(/[\s,]+(?![^(]*\))/);
  return parts.map(parseColor).find((color) => color !== null) ?? TRANSPARENT;
}

function backdropOf(element: Element, declared: Declared, behind: Color | null): Color | null {
  let color: Color | null = TRANSPARENT;
  let image = false;
  const { bgcolor, background } = element.attribs;
  if (bgcolor !== undefined) color = parseAttributeColor(bgcolor) ?? TRANSPARENT;
  if (background !== undefined && background !== '') image = true;
  // The declarations are in ascending order of weight: a later declaration overrides an earlier one.
  for (const [property, value] of declared) {
    if (property === 'background') [color, image] = [backgroundColor(value), IMAGE.test(value)];
    if (property === 'background-color') color = value === 'inherit' ? behind : parseColor(value);
    if (property === 'background-image') image = IMAGE.test(value);
  }
  // An opaque colour under an image is used as the background, because it is visible until the image is loaded.
  if (image && color?.alpha !== 1) return null;
  return laid(color, behind);
}

const isNothing = (value: string | undefined): boolean =>
  value !== undefined && /^0(px|pt|em|%)?$/.test(value);

/** Matches a length that moves text far out of the visible area. */
const FAR = /^-\d{3,}(\.\d+)?(px|pt|em|rem|vw|vh|%)$/;

/** Returns whether a style moves an element out of the visible area, or cuts all of it off. */
function isOutOfView(declared: Declared): boolean {
  const placed = /^(absolute|fixed)$/.test(declared.get('position') ?? '');
  return (
    FAR.test(declared.get('text-indent') ?? '') ||
    (placed && ['left', 'top', 'right', 'bottom'].some((side) => FAR.test(declared.get(side) ?? ''))) ||
    (placed && /^rect\((\s*[01](px)?[\s,]*){4}\)$/.test(declared.get('clip') ?? '')) ||
    /^inset\((50|100)%\)$/.test(declared.get('clip-path') ?? '') ||
    /^scale\(\s*0\s*\)$/.test(declared.get('transform') ?? '')
  );
}

function isHidden(element: Element, declared: Declared, size: number): boolean {
  return (
    UNSEEN.has(element.name) ||
    element.attribs['hidden'] !== undefined ||
    declared.get('display') === 'none' ||
    /^(hidden|collapse)$/.test(declared.get('visibility') ?? '') ||
    declared.get('mso-hide') === 'all' ||
    isNothing(declared.get('opacity')) ||
    isNothing(declared.get('max-height')) ||
    (declared.get('overflow') === 'hidden' &&
      (isNothing(declared.get('height')) || isNothing(declared.get('width')))) ||
    isOutOfView(declared) ||
    size <= 1
  );
}

function boldOf(element: Element, declared: Declared, parent: boolean): boolean {
  const weight =
    declared.get('font-weight') ?? /\b(bold|normal|[1-9]00)\b/.exec(declared.get('font') ?? '')?.[1];
  if (weight === undefined || weight === 'inherit') return BOLD.has(element.name) || parent;
  return weight.startsWith('bold') || Number(weight) >= 700;
}

function sizeOf(element: Element, declared: Declared, parent: number): number {
  const shorthand = sizeInShorthand(declared.get('font') ?? '');
  const value = declared.get('font-size') ?? shorthand;
  if (value !== undefined) return fontSizeOf(value, parent);
  if (element.name === 'font') return fontSizeAttribute(element.attribs['size']) ?? parent;
  if (element.name === 'small') return parent / 1.2;
  return parent * (HEADING_SIZES.get(element.name) ?? 1);
}

function styleOf(element: Element, declared: Declared, parent: TextStyle, link: Color | null): TextStyle {
  const backdrop = backdropOf(element, declared, parent.backdrop);
  const size = sizeOf(element, declared, parent.size);
  const align = declared.get('text-align') ?? element.attribs['align']?.toLowerCase();
  return {
    color: laid(colorOf(element, declared, parent, link), backdrop),
    backdrop,
    size,
    bold: boldOf(element, declared, parent.bold),
    hidden: parent.hidden || isHidden(element, declared, size),
    transform: declared.get('text-transform') ?? parent.transform,
    align: align ?? parent.align,
  };
}

/**
 * Returns the style that the root of the document inherits: the browser's default text and background
 * colours.
 */
const canvasStyle = (canvas: Pick<TextStyle, 'color' | 'backdrop'>): TextStyle => ({
  ...canvas,
  size: 16,
  bold: false,
  hidden: false,
  transform: 'none',
  align: '',
});

/** A node whose style is not computed yet, the style of its parent node, and the closest element around the node. */
type Pending = [node: AnyNode, inherited: TextStyle, parent: Element | null];

/** Pushes the children onto the stack in reverse order, so that the first child is popped first. */
function pushChildren(
  stack: Pending[],
  children: readonly AnyNode[],
  style: TextStyle,
  parent: Element | null,
): void {
  for (let at = children.length - 1; at >= 0; at--) {
    const child = children[at];
    if (child !== undefined) stack.push([child, style, parent]);
  }
}

/**
 * Yields every run of text with its style in the given colour scheme. For the dark scheme, `darkCanvas` states whether
 * the page's default background is dark; clients use a dark background only if the document declares that it supports
 * the dark scheme.
 */
export function* styledTexts(
  document: HtmlDocument,
  cascade: Cascade,
  scheme: Scheme,
  darkCanvas: boolean,
): Generator<StyledText, void> {
  const canvas = CANVAS[scheme === 'dark' && darkCanvas ? 'dark' : 'light'];
  const body = [...elementsOf(document)].find(({ name }) => name === 'body');
  const link = parseAttributeColor(body?.attribs['link'] ?? '') ?? canvas.link;
  const stack: Pending[] = [[document, canvasStyle(canvas), null]];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [node, inherited, parent] = top;
    if (isText(node)) {
      if (parent !== null && node.data.trim() !== '')
        yield { element: parent, text: node.data, style: inherited };
    } else if (isTag(node)) {
      const style = styleOf(node, cascade.declared(node, scheme), inherited, link);
      pushChildren(stack, node.children, style, node);
    } else if ('children' in node) {
      pushChildren(stack, node.children, inherited, parent);
    }
  }
}
