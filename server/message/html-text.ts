/**
 * Converts HTML to text for previews and search: tags, scripts, styles and comments are removed, entities are
 * decoded, and blocks are separated by line breaks. The work is limited even for hostile markup, because the
 * function makes one forward scan and builds no tree. The result is for reading and searching; it must not be
 * displayed as HTML.
 */
import { decodeHTML } from 'entities';

/**
 * HTML elements whose content is neither parsed as markup nor displayed. Without an end tag, such an element
 * extends to the end of the document.
 */
const RAW = new Set(['script', 'style', 'title', 'textarea']);
/** HTML elements whose content is not displayed. */
const HIDDEN = new Set([...RAW, 'template', 'noscript', 'object', 'svg', 'xml']);
/** Inline elements: their tags do not separate words, as in `<b>W</b>elcome`. */
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

/** Returns the offset after the tag that begins at `from`. A `>` inside quotes does not end the tag. */
function tagEnd(html: string, from: number): number {
  let at = from;
  for (;;) {
    const close = html.indexOf('>', at);
    if (close === -1) return html.length;
    const quote = firstQuote(html, at, close);
    if (quote === -1) return close + 1;
    const unquote = html.indexOf(html[quote] ?? '', quote + 1);
    // A quotation mark in a tag that has no closing quotation mark is treated as an ordinary character.
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

/** Extracts the text of HTML in one forward scan. */
class HtmlTextReader {
  readonly #html: string;
  readonly #limit: number;
  readonly #pieces: string[] = [];
  #at = 0;
  /** Number of characters of text that were read so far, without the blanks before and after each tag. */
  #gathered = 0;
  /**
   * Names of elements for which the rest of the document contains no end tag. They are remembered, because
   * searching for the same end tag again and again would take quadratic time.
   */
  readonly #unclosed = new Set<string>();

  constructor(html: string, limit: number) {
    this.#html = html;
    this.#limit = limit;
  }

  read(): string {
    const html = this.#html;
    while (this.#at < html.length && this.#gathered < this.#limit) {
      const open = html.indexOf('<', this.#at);
      if (open === -1) {
        this.#pieces.push(html.slice(this.#at, this.#at + this.#limit));
        break;
      }
      this.#textUpTo(open);
      this.#markup(open);
    }
    return this.#pieces.join('');
  }

  #textUpTo(open: number): void {
    if (open === this.#at) return;
    const run = this.#html.slice(this.#at, Math.min(open, this.#at + this.#limit));
    this.#pieces.push(run);
    if (this.#limit !== Infinity) this.#gathered += run.trim().length;
  }

  /** Reads the comment, tag or stray `<` at the offset `open`. */
  #markup(open: number): void {
    const html = this.#html;
    if (html.startsWith('<!--', open)) {
      const close = html.indexOf('-->', open + 4);
      this.#at = close === -1 ? html.length : close + 3;
      return;
    }
    const closing = html[open + 1] === '/';
    TAG_NAME.lastIndex = open + (closing ? 2 : 1);
    const name = TAG_NAME.exec(html)?.[0].toLowerCase();
    if (name === undefined) {
      this.#withoutName(open);
      return;
    }
    this.#at = tagEnd(html, open + 1 + name.length);
    if (!INLINE.has(name)) this.#pieces.push('\n');
    if (!closing && html[this.#at - 2] !== '/') this.#skipHidden(name);
  }

  /**
   * Skips a declaration, a processing instruction or an end tag without a name. Any other `<` is treated as
   * text.
   */
  #withoutName(open: number): void {
    if (/[!?/]/.test(this.#html[open + 1] ?? '')) {
      this.#at = tagEnd(this.#html, open + 2);
      return;
    }
    this.#pieces.push('<');
    this.#gathered++;
    this.#at = open + 1;
  }

  /** Skips the content of the element whose start tag was just read, if the content is not displayed. */
  #skipHidden(name: string): void {
    if (!HIDDEN.has(name) || this.#unclosed.has(name)) return;
    const close = new RegExp(`</${name}[\\s>/]`, 'gi');
    close.lastIndex = this.#at;
    const end = close.exec(this.#html);
    if (end !== null) this.#at = end.index;
    else if (RAW.has(name)) this.#at = this.#html.length;
    else this.#unclosed.add(name);
  }
}

/**
 * Returns the text of `html` with line breaks between blocks; other white space is unchanged. Stops after
 * `limit` characters of text; the blanks before and after each tag are not counted.
 */
export function htmlToText(html: string, limit = Infinity): string {
  const text = new HtmlTextReader(html, limit).read();
  return text.includes('&') ? decodeHTML(text) : text;
}

/**
 * Matches invisible characters with which senders pad previews: soft hyphens, fillers, zero-width characters
 * and direction marks.
 */
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
/** Matches zero-width joiners that are not between two characters of an emoji or of a word. */
const STRAY_JOINER = /(?<=[\s\u200c\u200d]|^)[\u200c\u200d]|[\u200c\u200d](?=[\s\u200c\u200d]|$)/g;
/** Matches each run of white space and control characters that is not already a single blank. */
// eslint-disable-next-line no-control-regex -- the pattern matches control characters on purpose
const BLANKS = / [\s\u0000-\u001f\u007f]+|(?:[^\S ]|[\u0000-\u001f\u007f])[\s\u0000-\u001f\u007f]*/g;

/** Joins a text into one line: each run of white space or control characters becomes one blank. */
export function foldWhitespace(text: string): string {
  return text.replace(BLANKS, ' ').trim();
}

/** Joins a text into one line, without the invisible characters that pad a preview. */
export function foldInvisible(text: string): string {
  return foldWhitespace(text.replace(FILLER, '').replace(STRAY_JOINER, ''));
}
