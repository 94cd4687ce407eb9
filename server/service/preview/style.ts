/**
 * Rewrites the URLs in the style sheets and style attributes of a message. The tokenizer follows CSS Syntax 3
 * §4, and runs in time that is linear in the length of the text.
 */
import { loaded, type Reach } from './address.ts';

const ESCAPE = String.raw`\\(?:[0-9a-f]{1,6}\s?|[^0-9a-f\n\r\f])`;
const COMMENT = String.raw`\/\*[^]*?(?:\*\/|$)`;
const STRING = String.raw`"(?:[^"\\\n\r\f]|\\[^])*"?|'(?:[^'\\\n\r\f]|\\[^])*'?`;
const NAME = String.raw`@?-{0,2}(?:[a-z_\u0080-\uffff]|${ESCAPE})(?:[\w\u0080-\uffff-]|${ESCAPE})*\(?`;
const TOKEN = new RegExp(`${COMMENT}|(${STRING})|(${NAME})|[^]`, 'giy');
/** Matches the URL that follows `url(` and is not in quotes. */
const UNQUOTED = /\s*(?!\s*["'])((?:[^)\\]|\\[^])*)\)?/y;

/** The CSS functions in which a string is a URL. */
const LOADING = new Set(['url(', 'src(', 'image(', 'image-set(', '-webkit-image-set(']);
/** Matches a style sheet that may load a resource; a style sheet without a match is not rewritten. */
const SUSPICIOUS = /url|src|image|@import|\\/i;
/**
 * Matches a string that could become a URL through a custom property: one word that contains a slash, a
 * backslash, a colon or a question mark.
 */
const ADDRESS = /^\s*(?=\S{2})\S*[/\\:?]\S*\s*$/;
/** The empty URL that replaces a URL that may not be loaded. */
const NOTHING = 'data:,';

const decode = (text: string): string =>
  text.replaceAll(/\\(?:([0-9a-f]{1,6})\s?|(\r\n|[^]))/gi, (_, code?: string, char?: string) => {
    if (code === undefined) return /[\n\r\f]/.test(char ?? '') ? '' : (char ?? '');
    const point = Number.parseInt(code, 16);
    return point === 0 || point > 0x10_ffff ? '\ufffd' : String.fromCodePoint(point);
  });

const quote = (text: string): string =>
  `"${text.replaceAll(/["\\\n\r\f<]/g, (char) => `\\${char.charCodeAt(0).toString(16)} `)}"`;

const unquote = (string: string): string => decode(string.replace(/^["']/, '').replace(/["']$/, ''));

/** Returns the CSS text with only those URLs that may be loaded. */
export function loadedStyle(css: string, reach: Reach): string {
  return SUSPICIOUS.test(css) ? new StyleReader(css, reach).read() : css;
}

class StyleReader {
  readonly #css: string;
  readonly #reach: Reach;
  readonly #out: string[] = [];
  /** The CSS functions and parentheses that are open, with the innermost last. */
  readonly #open: string[] = [];
  /**
   * The position in the output at which the current `@import` rule begins; `null` outside an `@import` rule.
   */
  #import: number | null = null;
  #isImportRefused = false;
  /** Whether the tokenizer is in the value of a CSS custom property. */
  #isCustom = false;

  constructor(css: string, reach: Reach) {
    this.#css = css;
    this.#reach = reach;
  }

  read(): string {
    const token = new RegExp(TOKEN);
    for (let match = token.exec(this.#css); match !== null; match = token.exec(this.#css)) {
      const [text, string, name] = match;
      if (string !== undefined) this.#string(string);
      else if (name !== undefined) token.lastIndex = this.#name(name, token.lastIndex);
      else this.#sign(text);
    }
    this.#endImport();
    return this.#out.join('');
  }

  #string(string: string): void {
    const address = unquote(string);
    const isAddress =
      LOADING.has(this.#open.at(-1) ?? '') ||
      (this.#import !== null && this.#open.length === 0) ||
      // Line breaks in the string are ignored, because browsers ignore line breaks within a URL.
      (this.#isCustom && ADDRESS.test(address.replaceAll(/[\t\n\r]/g, '')));
    this.#out.push(isAddress ? this.#address(address) : string);
  }

  /**
   * Handles a CSS name: records the rule or function that it opens, and rewrites the unquoted URL after `url(`.
   * Returns the position after the name or the URL.
   */
  #name(written: string, end: number): number {
    const name = decode(written).toLowerCase();
    if (name === '@import') {
      this.#endImport();
      this.#import = this.#out.length;
    }
    if (name.startsWith('--')) this.#isCustom = true;
    if (name === 'url(' || name === 'src(') {
      UNQUOTED.lastIndex = end;
      const match = UNQUOTED.exec(this.#css);
      if (match !== null) {
        this.#out.push('url(', this.#address(decode((match[1] ?? '').trim())), ')');
        return UNQUOTED.lastIndex;
      }
    }
    if (name.endsWith('(')) this.#open.push(name);
    this.#out.push(written);
    return end;
  }

  #sign(sign: string): void {
    if (sign === '(') this.#open.push(sign);
    else if (sign === ')') this.#open.pop();
    else if (sign === ';' || sign === '{' || sign === '}') {
      this.#isCustom = false;
      if (this.#import !== null) this.#open.length = 0;
    }
    this.#out.push(sign);
    if (sign === ';') this.#endImport();
  }

  #address(address: string): string {
    const known = loaded(address, this.#reach);
    if (this.#import !== null && known === null) this.#isImportRefused = true;
    return quote(known ?? NOTHING);
  }

  /** Ends an `@import` rule: removes the rule from the output if its URL may not be loaded. */
  #endImport(): void {
    if (this.#import !== null && this.#isImportRefused) this.#out.length = this.#import;
    this.#import = null;
    this.#isImportRefused = false;
  }
}
