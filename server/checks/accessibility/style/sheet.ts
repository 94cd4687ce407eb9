/**
 * Parses style sheets to rules. A rule has one selector, the specificity of the selector, and the declarations of the
 * properties in `PROPERTIES`. Media queries for a colour scheme are evaluated; rules that apply only to certain screen
 * widths are ignored.
 */
import { generate, parse, walk, type Atrule, type CssNode, type Selector } from 'css-tree';

/** The CSS properties that the accessibility rules use. */
const PROPERTIES = new Set(
  (
    'color background background-color background-image font font-size font-weight display visibility opacity ' +
    'text-align text-transform max-height overflow height width mso-hide color-scheme order flex-direction ' +
    'position left right top bottom text-indent clip clip-path transform'
  ).split(' '),
);
/**
 * The maximum number of style rules that are read from a document: ten times the number in a usual
 * newsletter.
 */
const MAX_RULES = 5_000;
/** The maximum length of a selector in characters; a style rule with a longer selector is ignored. */
const MAX_SELECTOR = 300;

/** The colour scheme that the reader prefers. */
export type Scheme = 'light' | 'dark';

export interface Declaration {
  readonly property: string;
  readonly value: string;
  readonly important: boolean;
}

export interface StyleRule {
  readonly selector: string;
  /**
   * The id, class or element name that a matching element must have, as `#id`, `.class` or `name`; `*` for any
   * element. Selectors are indexed by this name, so that few of them are compared with each element.
   */
  readonly key: string;
  readonly specificity: number;
  readonly scheme: Scheme | null;
  readonly declarations: readonly Declaration[];
}

/**
 * Returns the declarations of the properties in `PROPERTIES` from a parsed style attribute or the block of a
 * style rule.
 */
export function declarationsIn(block: CssNode): Declaration[] {
  const found: Declaration[] = [];
  walk(block, (node) => {
    if (node.type !== 'Declaration') return;
    const property = node.property.toLowerCase();
    if (!PROPERTIES.has(property)) return;
    found.push({ property, value: generate(node.value).toLowerCase(), important: node.important !== false });
  });
  return found;
}

/** Parses CSS leniently. Returns `null` if the brackets are nested too deeply for the call stack. */
export function parseCss(css: string, context: 'stylesheet' | 'declarationList'): CssNode | null {
  try {
    return parse(css, { context, parseCustomProperty: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Returns the colour scheme that a media query requires; `null` for a query that matches every screen,
 * `undefined` for any other query.
 */
function schemeOf(media: Atrule): Scheme | null | undefined {
  const query = media.prelude === null ? '' : generate(media.prelude).toLowerCase();
  const scheme = /^(?:(?:only )?(?:screen|all) ?and ?)?\(prefers-color-scheme: ?(dark|light)\)$/.exec(
    query,
  )?.[1];
  if (scheme === 'dark' || scheme === 'light') return scheme;
  return /^(only )?(all|screen)?(,\w+)*$/.test(query) ? null : undefined;
}

/**
 * Returns the specificity of a selector: ids count 1,000,000, classes, attributes and pseudo-classes 1,000,
 * element names 1. Returns `null` for a selector with a pseudo-element or with a state such as `:hover`.
 */
function specificityOf(selector: Selector): number | null {
  let specificity: number | null = 0;
  for (const node of selector.children) {
    if (specificity === null) break;
    if (node.type === 'PseudoElementSelector') specificity = null;
    else if (node.type === 'PseudoClassSelector') {
      const structural = /^(root|link|not|is|where|empty|(first|last|only|nth)-.*)$/i.test(node.name);
      specificity = structural ? specificity + 1_000 : null;
    } else if (node.type === 'IdSelector') specificity += 1_000_000;
    else if (node.type === 'ClassSelector' || node.type === 'AttributeSelector') specificity += 1_000;
    else if (node.type === 'TypeSelector' && node.name !== '*') specificity += 1;
  }
  return specificity;
}

function keyOf(selector: Selector): string {
  let key = '*';
  let rank = 0;
  for (const node of selector.children) {
    if (node.type === 'Combinator') [key, rank] = ['*', 0];
    else if (node.type === 'IdSelector') [key, rank] = [`#${node.name}`, 3];
    else if (node.type === 'ClassSelector' && rank < 2) [key, rank] = [`.${node.name}`, 2];
    else if (node.type === 'TypeSelector' && rank < 1 && node.name !== '*') {
      [key, rank] = [node.name.toLowerCase(), 1];
    }
  }
  return key;
}

/** Collects the style rules of a document's style sheets, in the order of the document. */
export class SheetReader {
  readonly rules: StyleRule[] = [];
  /** Whether some style rules were not read, because a limit was reached. */
  cut = false;

  read(css: string): void {
    const sheet = parseCss(css, 'stylesheet');
    if (sheet === null) this.cut = true;
    else if (sheet.type === 'StyleSheet') this.#readRules(sheet.children, null);
  }

  #readRules(nodes: Iterable<CssNode>, scheme: Scheme | null): void {
    for (const node of nodes) {
      if (this.cut) return;
      if (node.type === 'Atrule' && node.name.toLowerCase() === 'media' && node.block !== null) {
        const asked = schemeOf(node);
        if (asked !== undefined && scheme === null) this.#readRules(node.block.children, asked);
      } else if (node.type === 'Rule' && node.prelude.type === 'SelectorList') {
        const declarations = declarationsIn(node.block);
        if (declarations.length > 0) this.#add(node.prelude.children, scheme, declarations);
      }
    }
  }

  #add(selectors: Iterable<CssNode>, scheme: Scheme | null, declarations: readonly Declaration[]): void {
    for (const selector of selectors) {
      if (selector.type !== 'Selector') continue;
      const specificity = specificityOf(selector);
      const text = generate(selector);
      if (specificity === null || text.length > MAX_SELECTOR) continue;
      if (this.rules.length >= MAX_RULES) {
        this.cut = true;
        return;
      }
      this.rules.push({ selector: text, key: keyOf(selector), specificity, scheme, declarations });
    }
  }
}
