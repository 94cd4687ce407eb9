/** The HTML body that the accessibility rules read: its elements, their accessible names and their places. */
import { isTag, isText } from 'domhandler';
import type { Finding } from '../../message/finding.ts';
import type { FindingParticulars } from '../check.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { elementsOf, openingTag, type AnyNode, type Element } from '../html.ts';
import { finding, type AccessibilityRule } from './catalogue.ts';

const UNSEEN = new Set(['script', 'style', 'title', 'head', 'template']);
/** The maximum length of an accessible name in characters; the rest of a longer name is ignored. */
const MAX_NAME = 1_000;

export interface Page {
  readonly message: CheckedMessage;
  readonly body: HtmlBody;
  /** All elements of the HTML body in the order of the source. */
  readonly elements: readonly Element[];
  /**
   * Creates a finding that is located at the element's opening tag, or at the start of the document if the
   * element is `null`.
   */
  readonly find: (
    rule: AccessibilityRule,
    element: Element | null,
    particulars?: FindingParticulars,
  ) => Finding;
}

export function pageOf(message: CheckedMessage, body: HtmlBody): Page {
  const elements = [...elementsOf(body.document)];
  return {
    message,
    body,
    elements,
    find(rule, element, particulars) {
      const [start, end] = element === null ? [0, 0] : openingTag(element, body.text);
      return finding(rule, body.placeOf(start, end), particulars);
    },
  };
}

/** Whether an element itself is hidden from screen readers; its ancestors are not considered. */
export const isAriaHidden = (element: Element): boolean =>
  element.attribs['aria-hidden']?.trim().toLowerCase() === 'true';

export const roleOf = (element: Element): string => element.attribs['role']?.trim().toLowerCase() ?? '';

export const isPresentational = (element: Element): boolean => /^(presentation|none)$/.test(roleOf(element));

/**
 * Returns the text that a node adds to the accessible name of `root`; `null` for an element that screen
 * readers skip.
 */
function ownName(node: AnyNode, root: Element): string | null {
  if (isText(node)) return node.data;
  if (!isTag(node)) return '';
  if (node !== root && isAriaHidden(node)) return null;
  return ` ${node.attribs['alt'] ?? node.attribs['aria-label'] ?? ''} `;
}

const readChildren = (node: AnyNode): readonly AnyNode[] =>
  !('children' in node) || (isTag(node) && UNSEEN.has(node.name)) ? [] : node.children;

/**
 * Returns the text of an element together with the alternative texts of its images, in the order of the
 * source.
 */
function namesWithin(root: Element): string {
  const pieces: string[] = [];
  let length = 0;
  const stack: AnyNode[] = [root];
  for (let node = stack.pop(); node !== undefined && length < MAX_NAME; node = stack.pop()) {
    const piece = ownName(node, root);
    if (piece === null) continue;
    pieces.push(piece);
    // Each element adds 1 to the length of the accessible name even if it has no text, because a hostile
    // message can nest thousands of links in each other.
    length += piece.length + 1;
    for (const child of [...readChildren(node)].reverse()) stack.push(child);
  }
  return pieces.join('');
}

/**
 * Returns the accessible name of an element: its label, or its text with the alternative texts of its images,
 * or its title.
 */
export function spokenName(root: Element): string {
  const label = root.attribs['aria-label']?.trim();
  if (label !== undefined && label !== '') return label;
  const text = namesWithin(root)
    .replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ')
    .trim();
  return text === '' ? (root.attribs['title']?.trim() ?? '') : text;
}

/** Whether an image is invisible, such as a tracking pixel or a spacer. */
export function isInvisibleImage({ attribs }: Element): boolean {
  const tiny = (name: string): boolean =>
    /^\s*[01](px)?\s*$/.test(attribs[name] ?? '') ||
    new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*[01](px)?\\s*(;|!|$)`, 'i').test(attribs['style'] ?? '');
  return tiny('width') || tiny('height') || /display\s*:\s*none/i.test(attribs['style'] ?? '');
}
