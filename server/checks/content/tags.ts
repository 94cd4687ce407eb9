/** Finds unbalanced tags in HTML, which each mail program repairs in its own way. */
import { Tokenizer } from 'htmlparser2';
import type { Finding } from '../../message/finding.ts';
import type { CheckedMessage, HtmlBody } from '../checked-message.ts';
import { find } from './catalogue.ts';

/** The void elements: elements without content (HTML §13.1.2), including obsolete elements. */
const VOID = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(
    ' ',
  ),
);
/** Elements whose end tag may be left out (HTML §13.1.2.4). */
const OPTIONAL = new Set(
  'html head body p li dt dd option optgroup tr td th thead tbody tfoot colgroup caption rp rt'.split(' '),
);
/** The maximum number of findings per body, because the first few mistakes usually cause the others. */
const MAX = 20;
/**
 * Matches a URL or a mail address in angle brackets, which is text and not a tag: `<http://…>`,
 * `<ann@shop.test>`.
 */
const ADDRESS = /^(?:https?|ftp|mailto):|@/;

interface Open {
  readonly name: string;
  readonly at: number;
}

/** Returns the start and end tags in order. The parser's tokenizer skips comments, scripts and styles. */
function tagsOf(text: string): { readonly name: string; readonly at: number; readonly closes: boolean }[] {
  const tags: { name: string; at: number; closes: boolean }[] = [];
  let name = '';
  let at = 0;
  const nothing = (): void => undefined;
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: false },
    {
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onprocessinginstruction: nothing,
      ontext: nothing,
      ontextentity: nothing,
      onopentagname(start, end) {
        name = text.slice(start, end).toLowerCase();
        at = start - 1;
      },
      onopentagend: () => void tags.push({ name, at, closes: false }),
      onselfclosingtag() {
        // In HTML, the slash at the end of a tag has a meaning only on void elements and in foreign content,
        // such as SVG.
        if (!VOID.has(name) && !/^(?:svg|path|circle|rect|g|use|[ovwm]:.*)$/.test(name))
          tags.push({ name, at, closes: false });
      },
      onclosetag: (start, end) =>
        void tags.push({ name: text.slice(start, end).toLowerCase().trim(), at: start - 2, closes: true }),
    },
  );
  tokenizer.write(text);
  tokenizer.end();
  return tags;
}

function* unbalanced(body: HtmlBody): Generator<Finding> {
  const open: Open[] = [];
  /**
   * The number of open elements by name, so that a stray end tag is recognized without a search of the open
   * elements.
   */
  const counts = new Map<string, number>();
  const count = (name: string, by: number): void => void counts.set(name, (counts.get(name) ?? 0) + by);
  const unclosed = ({ name, at }: Open): Finding =>
    find('unclosed-element', body.placeOf(at, at + name.length + 1), {
      message: `<${name}> is opened and never closed`,
    });
  for (const { name, at, closes } of tagsOf(body.text)) {
    if (VOID.has(name) || ADDRESS.test(name)) continue;
    if (!closes) {
      open.push({ name, at });
      count(name, 1);
      continue;
    }
    if ((counts.get(name) ?? 0) === 0) {
      // An end tag is stray if no element with its name is open.
      yield find('stray-end-tag', body.placeOf(at, at + name.length + 3), {
        message: `</${name}> closes nothing`,
      });
      continue;
    }
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      count(last.name, -1);
      if (last.name === name) break;
      if (!OPTIONAL.has(last.name)) yield unclosed(last);
    }
  }
  for (const left of open) if (!OPTIONAL.has(left.name)) yield unclosed(left);
}

export function* tagFindings(message: CheckedMessage): Generator<Finding> {
  for (const body of message.htmls) {
    if (body.truncated) continue;
    let found = 0;
    for (const finding of unbalanced(body)) {
      if (++found > MAX) break;
      yield finding;
    }
  }
}
