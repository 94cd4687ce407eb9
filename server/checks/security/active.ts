/** What would do something by itself, if a client let it. */
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage } from '../checked-message.ts';
import { elementsOf, openingTag, type Element } from '../html.ts';
import { find, type SecurityRule } from './catalogue.ts';

const EMBEDDING = new Set(['iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'portal']);
/** Schemes whose address is a program or a document of its own. */
const ACTIVE = /^\s*(?:javascript|vbscript|data|blob|file):/i;
const LINKING = ['href', 'xlink:href', 'action', 'formaction', 'background', 'src'];

function* rulesFor({ name, attribs }: Element): Generator<SecurityRule> {
  if (name === 'script') yield 'script';
  if (EMBEDDING.has(name)) yield 'embedded';
  if (name === 'form') yield 'form';
  if (name === 'input' && /^password$/i.test(attribs['type'] ?? '')) yield 'password-field';
  if (name === 'base' && attribs['href'] !== undefined) yield 'base';
  if (name === 'meta' && /^refresh$/i.test(attribs['http-equiv']?.trim() ?? '')) yield 'meta-refresh';
  if (name === 'link' && /\bstylesheet\b/i.test(attribs['rel'] ?? '')) yield 'external-stylesheet';
  if (Object.keys(attribs).some((attribute) => /^on[a-z]{3,}$/i.test(attribute))) yield 'event-handler';
  // Pictures may be written as data: the content check says what clients make of them.
  const active = LINKING.some(
    (attribute) => ACTIVE.test(attribs[attribute] ?? '') && !(name === 'img' && attribute === 'src'),
  );
  if (active && !/^\s*javascript:(?:void\(0\))?;?\s*$/i.test(attribs['href'] ?? '')) yield 'script-link';
}

/** Findings of one rule that are told of: one form field is like the next. */
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
