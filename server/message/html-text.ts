/**
 * HTML to text for previews and search: tags, scripts, styles and comments go, entities are decoded, blocks are
 * set apart. One forward scan without a tree, so that hostile markup costs no more than any other; what it gives
 * is for reading and finding, never for showing as HTML.
 */
import { decodeHTML } from 'entities';

/** Elements whose content is not markup and is invisible. Without an end tag they extend to the end of the text. */
const RAW = new Set(['script', 'style', 'title', 'textarea']);
/** Elements whose content readers do not see. */
const HIDDEN = new Set([...RAW, 'template', 'noscript', 'object', 'svg', 'xml']);
/** Elements that don't break a word: `<b>W</b>elcome`. */
const INLINE = new Set([
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'big',
  'cite',
  'code',
  'data',
  'del',
  'dfn',
  'em',
  'font',
  'i',
  'ins',
  'kbd',
  'label',
  'mark',
  'o:p',
  'q',
  's',
  'samp',
  'small',
  'span',
  'strike',
  'strong',
  'sub',
  'sup',
  'time',
  'tt',
  'u',
  'var',
  'wbr',
]);

const TAG_NAME = /[a-z][a-z0-9:-]*/iy;

/** The offset after the tag that begins at `from`; a `>` in quotes doesn't end it. */
function tagEnd(html: string, from: number): number {
  let at = from;
  for (;;) {
    const close = html.indexOf('>', at);
    if (close === -1) return html.length;
    const quote = firstQuote(html, at, close);
    if (quote === -1) return close + 1;
    const unquote = html.indexOf(html[quote] ?? '', quote + 1);
    // A quote that nothing closes is a stray character.
    if (unquote === -1) return close + 1;
    at = unquote + 1;
  }
}

function firstQuote(html: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = html.charCodeAt(at);
    if (code === 34 || code === 39) return at;
  }
  return -1;
}

/**
 * The text of `html`, with line breaks between blocks; white space is not folded otherwise. It stops when `limit`
 * characters are gathered, blanks at the ends of text runs not counted.
 */
export function htmlToText(html: string, limit = Infinity): string {
  const pieces: string[] = [];
  let at = 0;
  let gathered = 0;
  /** Elements known not to be closed any more: looking for them again would be quadratic. */
  const unclosed = new Set<string>();
  while (at < html.length && gathered < limit) {
    const open = html.indexOf('<', at);
    if (open === -1) {
      pieces.push(html.slice(at, at + limit));
      break;
    }
    if (open > at) {
      const run = html.slice(at, Math.min(open, at + limit));
      pieces.push(run);
      if (limit !== Infinity) gathered += run.trim().length;
    }
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      at = close === -1 ? html.length : close + 3;
      continue;
    }
    const closing = html[open + 1] === '/';
    TAG_NAME.lastIndex = open + (closing ? 2 : 1);
    const name = TAG_NAME.exec(html)?.[0].toLowerCase();
    if (name === undefined) {
      const next = html[open + 1];
      if (next === '!' || next === '?' || next === '/') {
        at = tagEnd(html, open + 2);
      } else {
        pieces.push('<');
        gathered++;
        at = open + 1;
      }
      continue;
    }
    at = tagEnd(html, open + 1 + name.length);
    if (!INLINE.has(name)) pieces.push('\n');
    if (!closing && HIDDEN.has(name) && !unclosed.has(name) && html[at - 2] !== '/') {
      const close = new RegExp(`</${name}[\\s>/]`, 'gi');
      close.lastIndex = at;
      const end = close.exec(html);
      if (end !== null) at = end.index;
      else if (RAW.has(name)) break;
      else unclosed.add(name);
    }
  }
  const text = pieces.join('');
  return text.includes('&') ? decodeHTML(text) : text;
}

/** Characters that senders pad preview lines with: soft hyphens, fillers, zero-width and direction marks. */
const FILLER = new RegExp(
  [
    '\\u00ad',
    '\\u034f',
    '\\u061c',
    '\\u115f',
    '\\u1160',
    '\\u180e',
    '\\u200b',
    '[\\u200e\\u200f\\u202a-\\u202e]',
  ]
    .concat(['[\\u2060-\\u2064]', '\\u2800', '\\ufeff'])
    .join('|'),
  'g',
);
/** Joiners, where they join nothing: between the parts of an emoji or the letters of a word they stay. */
const STRAY_JOINER = /(?<=[\s\u200c\u200d]|^)[\u200c\u200d]|[\u200c\u200d](?=[\s\u200c\u200d]|$)/g;
/** Every run that is more than one blank: most of a text's white space is single blanks, which stay. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const BLANKS = / [\s\u0000-\u001f\u007f]+|(?:[^\S ]|[\u0000-\u001f\u007f])[\s\u0000-\u001f\u007f]*/g;

/** One line: every run of white space or control characters is one blank. */
export function foldWhitespace(text: string): string {
  return text.replace(BLANKS, ' ').trim();
}

/** One line without the invisible characters that pad a preview. */
export function foldInvisible(text: string): string {
  return foldWhitespace(text.replace(FILLER, '').replace(STRAY_JOINER, ''));
}
