/** Finds active content: scripts, forms, embedded objects and automatic redirects. */
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { elementsOf, openingTag, type Element } from '../html.ts';
import { find, type SecurityRule } from './catalogue.ts';

const EMBEDDING = new Set(['iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal']);
/**
 * Matches a URL whose scheme means that the URL itself contains a program or a document, or refers to a local
 * file.
 */
const ACTIVE = /^\s*(?:javascript|vbscript|data|blob|file):/i;
const LINKING = ['href', 'xlink:href', 'action', 'formaction', 'background', 'src'];

type Attributes = Element['attribs'];
type ElementRule = readonly [rule: SecurityRule, condition: (attribs: Attributes) => boolean];

/**
 * Maps the name of an element to a rule and a condition. An element with this name violates the rule if its
 * attributes meet the condition.
 */
const ELEMENT_RULES: ReadonlyMap<string, ElementRule> = new Map<string, ElementRule>([
  ['script', ['script', () => true]],
  ['form', ['form', () => true]],
  ['input', ['password-field', ({ type = '' }) => /^password$/i.test(type)]],
  ['base', ['base', ({ href }) => href !== undefined]],
  ['meta', ['meta-refresh', (attribs) => /^refresh$/i.test(attribs['http-equiv']?.trim() ?? '')]],
  ['link', ['external-stylesheet', ({ rel = '' }) => /\bstylesheet\b/i.test(rel)]],
]);

const hasEventHandler = (attribs: Attributes): boolean =>
  Object.keys(attribs).some((attribute) => /^on[a-z]{3,}$/i.test(attribute));

function hasActiveLink({ name, attribs }: Element): boolean {
  // `data:` URLs of images are not reported here, because the content check reports them and explains how
  // mail clients handle them.
  const active = LINKING.some(
    (attribute) => ACTIVE.test(attribs[attribute] ?? '') && !(name === 'img' && attribute === 'src'),
  );
  return active && !/^\s*javascript:(?:void\(0\))?;?\s*$/i.test(attribs['href'] ?? '');
}

function* rulesFor(element: Element): Generator<SecurityRule> {
  const { name, attribs } = element;
  const [rule, condition] = ELEMENT_RULES.get(name) ?? [];
  if (rule !== undefined && condition?.(attribs)) yield rule;
  if (EMBEDDING.has(name)) yield 'embedded';
  if (hasEventHandler(attribs)) yield 'event-handler';
  if (hasActiveLink(element)) yield 'script-link';
}

/** The maximum number of findings per rule, because further findings are usually similar. */
const MAX_OF_A_RULE = 10;

export function* activeFindings(message: CheckedMessage): Generator<Finding> {
  const told = new Map<SecurityRule, number>();
  for (const body of message.htmls) {
    for (const element of elementsOf(body.document)) {
      for (const rule of rulesFor(element)) {
        const count = (told.get(rule) ?? 0) + 1;
        told.set(rule, count);
        if (count <= MAX_OF_A_RULE) yield find(rule, body.placeOf(...openingTag(element, body.text)));
      }
    }
  }
}
