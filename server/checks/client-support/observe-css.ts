/**
 * Records the at-rules, selectors, properties, values and units of style sheets and style attributes, which
 * are parsed with css-tree.
 */
import { parse, property as nameOf, walk, type CssNode, type ParseOptions, type WalkContext } from 'css-tree';
import { observeUrl } from './observe-url.ts';
import type { Observations } from './observations.ts';

/**
 * The maximum number of characters of one style sheet that are read. Gmail ignores a style sheet of more than
 * 16 KB.
 */
const MAX_CSS = 1_000_000;

/** The pseudo-elements that CSS 2 writes with one colon. */
const OLD_PSEUDO_ELEMENTS = new Set(['after', 'before', 'first-letter', 'first-line']);

const COMBINATORS: Readonly<Record<string, string>> = {
  ' ': 'descendant',
  '>': 'child',
  '+': 'adjacent-sibling',
  '~': 'general-sibling',
};

/**
 * Records the parts of a selector. Two classes or ids without a combinator between them are recorded as
 * chained.
 */
function observeSelector(children: Iterable<CssNode>, see: See): void {
  let named = 0;
  for (const node of children) {
    if (node.type === 'Combinator') {
      see(`selector:${COMBINATORS[node.name] ?? node.name}`);
      named = 0;
    } else if (node.type === 'ClassSelector' || node.type === 'IdSelector') {
      see(node.type === 'ClassSelector' ? 'selector:class' : 'selector:id');
      if (++named === 2) see('selector:chaining');
    } else if (node.type === 'TypeSelector') {
      see(node.name.endsWith('*') ? 'selector:universal' : 'selector:type');
    } else if (node.type === 'AttributeSelector') {
      see('selector:attribute');
    }
  }
}

type See = (word: string) => void;
type NodeReaders = {
  readonly [Type in CssNode['type']]?: (
    node: Extract<CssNode, { type: Type }>,
    see: See,
    property: string | undefined,
  ) => void;
};

const baseName = (name: string): string => nameOf(name).basename.toLowerCase();

/**
 * The functions that record the features of a CSS node, by the type of the node. `property` is the property of the
 * declaration that contains the node.
 */
const readers: NodeReaders = {
  Atrule: ({ name }, see) => see(`at-rule:${baseName(name)}`),
  Feature: ({ name }, see) => see(`media:${baseName(name).replace(/^(min|max)-/, '')}`),
  SelectorList({ children }, see) {
    if (children.size > 1) see('selector:grouping');
  },
  Selector: ({ children }, see) => observeSelector(children, see),
  Block({ children }, see) {
    // The parser does not recognize a nested rule without `&`; it returns such a rule as raw text that
    // contains a block.
    if (children.some((child) => child.type === 'Raw' && child.value.includes('{'))) see('nesting');
  },
  NestingSelector: (_node, see) => see('nesting'),
  PseudoClassSelector({ name }, see) {
    const kind = OLD_PSEUDO_ELEMENTS.has(name.toLowerCase()) ? 'pseudo-element' : 'pseudo-class';
    see(`${kind}:${name.toLowerCase()}`);
  },
  PseudoElementSelector: ({ name }, see) => see(`pseudo-element:${baseName(name)}`),
  Declaration(node, see) {
    see(node.property.startsWith('--') ? 'custom-property' : `property:${baseName(node.property)}`);
    if (node.important !== false) see('important');
  },
  Dimension: ({ unit }, see) => see(`unit:${unit.toLowerCase()}`),
  Percentage: (_node, see) => see('unit:%'),
  Function: ({ name }, see) => see(`function:${baseName(name)}`),
  Identifier({ name }, see, property) {
    if (property === undefined) return;
    see(`value:${baseName(name)}`);
    see(`${property}=${baseName(name)}`);
  },
  Url({ value }, see, property) {
    if (property !== undefined) see(`${property}=url`);
    observeUrl(value, see);
  },
};

function observeNode(node: CssNode, see: See, property: string | undefined): void {
  const read = readers[node.type] as ((node: CssNode, see: See, property?: string) => void) | undefined;
  read?.(node, see, property);
}

/** The start and the end (exclusive) of a piece of CSS. */
export type CssRange = readonly [start: number, end: number];

/** One use of a CSS feature. */
export interface CssUse {
  /** The name of the feature, such as `property:gap`. */
  readonly word: string;
  /** The offset in the CSS at which the feature is used. */
  readonly offset: number;
  /** The declaration, rule or at-rule that a client without the feature ignores; `null` for a comment. */
  readonly ignored: CssRange | null;
}

/**
 * Returns the declaration, rule or at-rule that a client ignores if it does not support a feature of the node: the
 * innermost one that contains the node, or the node itself.
 */
function ignoredWith(node: CssNode, { declaration, rule, atrule }: WalkContext): CssRange | null {
  const isWhole = node.type === 'Declaration' || node.type === 'Rule' || node.type === 'Atrule';
  const ignored = isWhole ? node : node.type === 'Feature' ? atrule : (declaration ?? rule ?? atrule);
  const place = ignored?.loc;
  return place === undefined ? null : [place.start.offset, place.end.offset];
}

/**
 * Adds to `uses` the features that a piece of CSS uses. Throws `RangeError` for CSS that is nested too deeply for the
 * call stack.
 */
function readUses(css: string, context: 'stylesheet' | 'declarationList', uses: CssUse[]): void {
  const options: ParseOptions = {
    context,
    positions: true,
    onComment: (_text, place) =>
      uses.push({ word: 'comment:css', offset: place.start.offset, ignored: null }),
  };
  let depth = 0;
  walk(parse(css, options), {
    enter(this: WalkContext, node: CssNode) {
      const offset = node.loc?.start.offset ?? 0;
      const see = (word: string): void => void uses.push({ word, offset, ignored: ignoredWith(node, this) });
      if (node.type === 'Rule' && ++depth > 1 && this.atrule?.name.endsWith('keyframes') !== true)
        see('nesting');
      const declared = this.declaration?.property;
      observeNode(node, see, declared === undefined ? undefined : baseName(declared));
    },
    leave(node: CssNode) {
      if (node.type === 'Rule') depth--;
    },
  });
}

/** Returns the features that a piece of CSS uses. Invalid CSS is skipped, as in a browser. */
export function cssUses(css: string, context: 'stylesheet' | 'declarationList'): readonly CssUse[] {
  const uses: CssUse[] = [];
  try {
    readUses(css.slice(0, MAX_CSS), context, uses);
  } catch (error) {
    // Thousands of nested brackets exceed the call stack. No mail client reads such a style, so it is
    // ignored.
    if (!(error instanceof RangeError)) throw error;
  }
  return uses;
}

/** Records the features that the style sheets and style attributes of a document use. */
export class CssReader {
  readonly #seen: Observations;
  /**
   * Cache: for the text of each style attribute, the CSS features that the attribute uses (`property:gap`). Equal
   * style attributes are frequent, so each text is parsed only once.
   */
  readonly #known = new Map<string, readonly CssUse[]>();

  constructor(seen: Observations) {
    this.#seen = seen;
  }

  /** Reads the text of a style element, which begins at `start` in the document. */
  readSheet(css: string, start: number): void {
    this.#see(cssUses(css, 'stylesheet'), start);
  }

  /** Reads the value of a style attribute, which begins at `start` in the document. */
  readDeclarations(css: string, start: number): void {
    let uses = this.#known.get(css);
    if (uses === undefined) {
      uses = cssUses(css, 'declarationList');
      this.#known.set(css, uses);
    }
    this.#see(uses, start);
  }

  #see(uses: readonly CssUse[], start: number): void {
    for (const { word, offset } of uses) this.#seen.see(word, start + offset);
  }
}
