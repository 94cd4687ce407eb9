/** The accessibility rules about form controls, the keyboard, ARIA roles and moving text. */
import type { Finding } from '../../message/finding.ts';
import type { Element } from '../html.ts';
import { isAriaHidden, spokenName, type Page } from './page.ts';

/** The roles of WAI-ARIA 1.2 §5.4, excluding the abstract roles. */
const ROLES = new Set(
  (
    'alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox ' +
    'complementary contentinfo definition deletion dialog directory document emphasis feed figure form generic grid ' +
    'gridcell group heading img image insertion link list listbox listitem log main marquee math menu menubar menuitem ' +
    'menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio ' +
    'radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong ' +
    'subscript suggestion superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree ' +
    'treegrid treeitem mark comment'
  ).split(' '),
);
/** Matches the roles of the WAI-ARIA modules for digital publishing (`doc-…`) and for graphics (`graphics-…`). */
const MODULE = /^(doc|graphics)-[a-z]+$/;

const UNLABELLED_INPUTS = new Set(['hidden', 'submit', 'reset', 'button']);
const FOCUSABLE = new Set(['button', 'input', 'select', 'textarea', 'iframe', 'summary']);

const has = ({ attribs }: Element, name: string): boolean => (attribs[name]?.trim() ?? '') !== '';

const isTabbable = (element: Element): boolean => !(Number(element.attribs['tabindex'] ?? 0) < 0);

function isFocusable(element: Element): boolean {
  const { name, attribs } = element;
  const natural =
    (FOCUSABLE.has(name) && attribs['disabled'] === undefined && attribs['type'] !== 'hidden') ||
    (/^(a|area)$/.test(name) && attribs['href'] !== undefined);
  return (natural || attribs['tabindex'] !== undefined) && isTabbable(element);
}

/** Returns the elements that meet a condition, together with the elements within them. */
function within(elements: readonly Element[], condition: (element: Element) => boolean): Set<unknown> {
  const inside = new Set<unknown>();
  for (const element of elements) {
    if (inside.has(element.parent) || condition(element)) inside.add(element);
  }
  return inside;
}

function* controls({ elements, find }: Page): Generator<Finding> {
  const labels = elements.filter(({ name }) => name === 'label');
  const labelled = new Set(
    labels.filter((label) => spokenName(label) !== '').map(({ attribs }) => attribs['for']),
  );
  const wrapped = within(elements, ({ name }) => name === 'label');
  for (const element of elements) {
    const { name, attribs } = element;
    if (!/^(input|select|textarea)$/.test(name)) continue;
    const type = attribs['type']?.toLowerCase() ?? 'text';
    if (name === 'input' && UNLABELLED_INPUTS.has(type)) continue;
    const named =
      ['aria-label', 'aria-labelledby', 'title'].some((attribute) => has(element, attribute)) ||
      (type === 'image' && has(element, 'alt')) ||
      (attribs['id'] !== undefined && labelled.has(attribs['id'])) ||
      wrapped.has(element);
    if (!named) yield find('control-without-label', element);
  }
}

function* keyboard({ elements, find }: Page): Generator<Finding> {
  const unspoken = within(elements, isAriaHidden);
  for (const element of elements) {
    if (Number(element.attribs['tabindex'] ?? 0) > 0) yield find('positive-tabindex', element);
    if (unspoken.has(element) && isFocusable(element)) yield find('hidden-focusable', element);
  }
}

function* roles({ elements, find }: Page): Generator<Finding> {
  for (const element of elements) {
    const written = element.attribs['role']?.trim().toLowerCase();
    if (written === undefined) continue;
    // The attribute `role` may contain a list of roles; a screen reader uses the first role that it knows.
    const known = written.split(/\s+/).some((role) => ROLES.has(role) || MODULE.test(role));
    if (!known)
      yield find('unknown-role', element, { message: `The role “${written.slice(0, 40)}” does not exist` });
  }
}

function* moving({ elements, find }: Page): Generator<Finding> {
  for (const element of elements) {
    const { name, attribs } = element;
    if (
      name === 'blink' ||
      name === 'marquee' ||
      /text-decoration[^;]*\bblink\b/i.test(attribs['style'] ?? '')
    ) {
      yield find('moving-text', element);
    }
  }
}

export function* controlFindings(page: Page): Generator<Finding> {
  yield* controls(page);
  yield* keyboard(page);
  yield* roles(page);
  yield* moving(page);
}
