/** Finds elements by their role, name and text, as a user does, or by a CSS selector. */

export interface Query {
  /** A CSS selector that the element must match. */
  readonly css?: string;
  readonly role?: keyof typeof ROLES;
  /** The accessible name of the element: the whole name, or a pattern. */
  readonly name?: string | RegExp;
  /**
   * A text that the element contains, regardless of white space; of several nested elements, the innermost one
   * matches.
   */
  readonly text?: string;
  /** A query for an element that contains the element. */
  readonly within?: Query;
}

/** CSS selectors of the elements that have a role, by the name of the role. */
const ROLES = {
  alert: '[role=alert]',
  button: 'button, [role=button]',
  checkbox: 'input[type=checkbox], [role=checkbox]',
  combobox: 'select, [role=combobox]',
  dialog: '[role=dialog], dialog',
  heading: 'h1, h2, h3, h4, h5, h6, [role=heading]',
  link: 'a[href]',
  listitem: 'li, [role=listitem]',
  menuitem: '[role^=menuitem]',
  navigation: 'nav',
  option: '[role=option]',
  radio: '[role=radio], input[type=radio]',
  region: 'section, [role=region]',
  searchbox: 'input[type=search]',
  tab: '[role=tab]',
  tabpanel: '[role=tabpanel]',
  textbox: 'input:not([type]), input[type=text], input[type=email], input[type=password], textarea',
} as const;

/**
 * Source of a function for the page that returns the elements of a query in document order. The name of an element is
 * the first non-empty one in the order of the accessible name computation (accname 1.2 §4.3): labelledby, label,
 * labels, alternative text, content, title.
 */
const FIND = `((query) => {
  const squash = (text) => text.replace(/\\s+/g, ' ').trim();
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0;
  const textOf = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute('aria-hidden') === 'true') return '';
    return node.getAttribute('alt') ?? [...node.childNodes].map(textOf).join('');
  };
  const nameOf = (element) => {
    const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
    const byId = labelled.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
    const labels = [...(element.labels ?? [])].map(textOf).join(' ');
    return squash(byId || element.getAttribute('aria-label') || labels || textOf(element) || element.title || '');
  };
  const isNamed = (element, name) =>
    name.pattern === undefined ? nameOf(element) === name : new RegExp(name.pattern, name.flags).test(nameOf(element));
  const find = ({ selectors, name, text, within }) => {
    const roots = within === undefined ? [document] : find(within);
    const candidates = [...new Set(roots.flatMap((root) => [...root.querySelectorAll(selectors[0])]))].filter(
      (element) =>
        selectors.every((selector) => element.matches(selector)) &&
        isShown(element) &&
        (name === undefined || isNamed(element, name)) &&
        (text === undefined || squash(element.textContent).includes(text)),
    );
    if (text === undefined) return candidates;
    return candidates.filter((element) => !candidates.some((other) => other !== element && element.contains(other)));
  };
  return find(query);
})`;

function carried({ css, role, name, text, within }: Query): unknown {
  const selectors = [...(css === undefined ? [] : [css]), ...(role === undefined ? [] : [ROLES[role]])];
  return {
    selectors: selectors.length === 0 ? ['*'] : selectors,
    name: name instanceof RegExp ? { pattern: name.source, flags: name.flags } : name,
    text,
    within: within === undefined ? undefined : carried(within),
  };
}

/** Returns an expression whose value is the list of all elements of a query, in document order. */
export const elementsOf = (query: Query): string => `${FIND}(${JSON.stringify(carried(query))})`;
