/**
 * Computes the CSS declarations that apply to an element (the cascade): style rules by specificity and order,
 * then the style attribute, then `!important` declarations. Attributes like `bgcolor` have a lower rank than
 * every style rule and are not read here.
 */
import { compile } from 'css-select';
import type { AnyNode, Element } from '../../html.ts';
import {
  declarationsIn,
  parseCss,
  type Declaration,
  type Scheme,
  type SheetReader,
  type StyleRule,
} from './sheet.ts';

/**
 * The maximum number of attempts to match a selector with an element: about a hundred for each element of a
 * long newsletter.
 */
const MAX_ATTEMPTS = 300_000;

type Matcher = (element: Element) => boolean;

/**
 * Compiles a selector to a matching function. For a selector that css-tree parses and css-select rejects, the
 * function matches no element.
 */
function matcherOf(selector: string): Matcher {
  try {
    return compile<AnyNode, Element>(selector);
  } catch {
    return () => false;
  }
}

interface Ordered {
  readonly rule: StyleRule;
  readonly order: number;
  matches: Matcher | undefined;
}

interface Weighed extends Declaration {
  readonly weight: number;
}

/**
 * The parts of the weight with which two declarations of a CSS property are compared. A style rule weighs its
 * specificity times `ORDERS`, plus its position in the document; a style attribute weighs `ATTRIBUTE`;
 * `!important` adds `IMPORTANT`.
 */
const ORDERS = 10_000;
const ATTRIBUTE = 1e14;
const IMPORTANT = 1e15;

export class Cascade {
  readonly #byKey = new Map<string, Ordered[]>();
  readonly #attributes = new Map<string, readonly Declaration[]>();
  #attempts = 0;
  #cut: boolean;

  constructor(sheets: SheetReader) {
    this.#cut = sheets.cut;
    for (const [order, rule] of sheets.rules.entries()) {
      const others = this.#byKey.get(rule.key);
      const entry: Ordered = { rule, order, matches: undefined };
      if (others === undefined) this.#byKey.set(rule.key, [entry]);
      else others.push(entry);
    }
  }

  /** Whether a limit was reached, which means that some style rules were not applied. */
  get cut(): boolean {
    return this.#cut;
  }

  /** Returns the value of each property that is declared for the element, in ascending order of weight. */
  declared(element: Element, scheme: Scheme): ReadonlyMap<string, string> {
    const winners = new Map<string, Weighed>();
    const add = (declaration: Declaration, base: number): void => {
      const weight = base + (declaration.important ? IMPORTANT : 0);
      // Of `background` and `background-color`, the declaration with the higher weight applies, so both are
      // stored with their weights.
      if ((winners.get(declaration.property)?.weight ?? -1) <= weight) {
        winners.delete(declaration.property);
        winners.set(declaration.property, { ...declaration, weight });
      }
    };
    for (const { rule, order } of this.#matching(element, scheme)) {
      for (const declaration of rule.declarations) add(declaration, rule.specificity * ORDERS + order);
    }
    for (const declaration of this.#attributeOf(element)) add(declaration, ATTRIBUTE);
    const ascending = [...winners.values()].sort((a, b) => a.weight - b.weight);
    return new Map(ascending.map(({ property, value }) => [property, value]));
  }

  *#matching(element: Element, scheme: Scheme): Generator<Ordered> {
    const keys = ['*', element.name];
    const { id, class: classes = '' } = element.attribs;
    if (id !== undefined) keys.push(`#${id}`);
    for (const name of new Set(classes.split(/\s+/))) keys.push(`.${name}`);
    for (const key of keys) {
      for (const entry of this.#byKey.get(key) ?? []) {
        if (entry.rule.scheme !== null && entry.rule.scheme !== scheme) continue;
        if (++this.#attempts > MAX_ATTEMPTS) {
          this.#cut = true;
          return;
        }
        entry.matches ??= matcherOf(entry.rule.selector);
        if (entry.matches(element)) yield entry;
      }
    }
  }

  #attributeOf(element: Element): readonly Declaration[] {
    const css = element.attribs['style'];
    if (css === undefined) return [];
    let declarations = this.#attributes.get(css);
    if (declarations === undefined) {
      const block = parseCss(css, 'declarationList');
      declarations = block === null ? [] : declarationsIn(block);
      this.#attributes.set(css, declarations);
    }
    return declarations;
  }
}
