/**
 * Finds text that was left over from a template or its data: placeholders, values such as `undefined`, and
 * filler text.
 */
import { decodeWords } from '../../message/header.ts';
import type { Finding } from '../../message/finding.ts';
import { excerptOf, type CheckedMessage, type TextBody } from '../checked-message.ts';
import { find, type ContentRule } from './catalogue.ts';

interface Leak {
  readonly rule: ContentRule;
  readonly what: string;
  readonly pattern: RegExp;
}

/**
 * The patterns of template text and undefined values in a message. All repetitions are bounded, so that a
 * search takes linear time. Words such as `undefined` match only where a value is expected: after a greeting,
 * a colon, a currency sign or the `=` of a URL.
 */
const LEAKS: readonly Leak[] = [
  { rule: 'leaked-placeholder', what: 'a {{…}} placeholder', pattern: /\{\{\{?[^{}<>\n]{0,80}\}\}/g },
  { rule: 'leaked-placeholder', what: 'a {% … %} tag', pattern: /\{%[^%<>\n]{1,80}%\}/g },
  { rule: 'leaked-placeholder', what: 'a ${…} placeholder', pattern: /[$#]\{[\w.$ [\]'"()-]{1,80}\}/g },
  { rule: 'leaked-placeholder', what: 'a <%…%> tag', pattern: /<%=?[^%<>\n]{1,80}%>/g },
  { rule: 'leaked-placeholder', what: 'a *|…|* merge tag', pattern: /\*\|[A-Z0-9_:]{1,60}\|\*/g },
  { rule: 'leaked-placeholder', what: 'a %%…%% merge tag', pattern: /%%[A-Za-z][\w ]{0,60}%%/g },
  { rule: 'leaked-placeholder', what: 'a [[…]] placeholder', pattern: /\[\[[\w. -]{1,60}\]\]/g },
  {
    rule: 'leaked-placeholder',
    what: 'a %s placeholder',
    pattern: /(?<![\w%])%(?:\d\$|\(\w{1,40}\))?[sd](?!\w)/g,
  },
  {
    rule: 'leaked-value',
    what: 'an object that was written as text',
    pattern: /\[object (?:Object|Promise|Array|Undefined|Null)\]|\[Function(?:: \w{1,40})?\]/g,
  },
  {
    rule: 'leaked-value',
    what: 'an absent value',
    pattern:
      /(?<=\b(?:hi|hello|hey|dear|hallo|bonjour|hola|ciao|liebe|lieber|welcome|thanks|thank you)[ ,]{1,3})(?:undefined|null|none|nil|nan)\b/gi,
  },
  {
    rule: 'leaked-value',
    what: 'an absent value',
    pattern: /(?<=[:=$€£/] ?)(?:undefined|null|NaN)\b(?!\s*[=!({])/g,
  },
  { rule: 'leaked-value', what: 'an invalid number', pattern: /(?<![\w.])NaN(?![\w(.])/g },
  { rule: 'filler-text', what: 'filler text', pattern: /\blorem ipsum\b/gi },
  { rule: 'filler-text', what: 'a note to oneself', pattern: /(?<!\w)(?:TODO|FIXME|TBD)(?=:|\b(?!\w))/g },
];
/**
 * The maximum number of findings per text, because a template without its data contains many placeholders.
 */
const MAX_LEAKS = 20;

/**
 * Matches the start of HTML in which no placeholders are searched: an element that contains code, or a
 * comment.
 */
const UNREAD_START = /<(?:(code|pre|script|style|kbd|samp)\b[^>]{0,500}>|!--)/gi;

/**
 * Returns the end of the element or comment whose content starts at `from` and is not searched for
 * placeholders; -1 if the end is missing.
 */
function unreadEnd(html: string, name: string | undefined, from: number): number {
  if (name === undefined) {
    const dashes = html.indexOf('-->', from);
    return dashes === -1 ? -1 : dashes + 3;
  }
  const endTag = new RegExp(String.raw`</${name}\s*>`, 'gi');
  endTag.lastIndex = from;
  return endTag.test(html) ? endTag.lastIndex : -1;
}

/**
 * Replaces code and comments in HTML with blanks, so that all offsets stay valid. Takes linear time, because
 * a missing end is searched for only once.
 */
function readable(html: string): string {
  const pieces: string[] = [];
  const endless = new Set<string | undefined>();
  let read = 0;
  for (const { index, 0: start, 1: tag } of html.matchAll(UNREAD_START)) {
    const name = tag?.toLowerCase();
    if (index < read || endless.has(name)) continue;
    const end = unreadEnd(html, name, index + start.length);
    if (end === -1) {
      endless.add(name);
      continue;
    }
    pieces.push(html.slice(read, index), ' '.repeat(end - index));
    read = end;
  }
  return pieces.join('') + html.slice(read);
}

interface Found extends Leak {
  readonly at: number;
  readonly text: string;
}

function leaksIn(text: string): Found[] {
  const found: Found[] = [];
  const taken = new Set<number>();
  for (const leak of LEAKS) {
    for (const match of text.matchAll(leak.pattern)) {
      if (taken.has(match.index)) continue;
      taken.add(match.index);
      found.push({ ...leak, at: match.index, text: match[0] });
      if (found.length >= MAX_LEAKS) return found;
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

const sentence = ({ what, text }: Found, where: string): string => `${where} has ${what}: ${excerptOf(text)}`;

function* bodyLeaks(body: TextBody, text: string, where: string): Generator<Finding> {
  for (const leak of leaksIn(text)) {
    yield find(leak.rule, body.placeOf(leak.at, leak.at + leak.text.length), {
      message: sentence(leak, where),
    });
  }
}

export function* leakFindings(message: CheckedMessage): Generator<Finding> {
  for (const name of ['Subject', 'From', 'To', 'Reply-To']) {
    for (const field of message.headers(name)) {
      for (const leak of leaksIn(decodeWords(field.value))) {
        yield find(leak.rule, message.placeOfField(field), { message: sentence(leak, `The ${name} field`) });
      }
    }
  }
  for (const body of message.texts) yield* bodyLeaks(body, body.text, 'The text');
  for (const body of message.htmls) yield* bodyLeaks(body, readable(body.text), 'The HTML');
}
