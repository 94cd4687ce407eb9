/**
 * The addresses in a message's style sheets and style attributes, rewritten. It reads tokens as CSS Syntax 3 §4 defines
 * them, in time that is linear in the text.
 */
import { loaded, type Reach } from './address.ts';

const ESCAPE = String.raw`\\(?:[0-9a-f]{1,6}\s?|[^0-9a-f\n\r\f])`;
const COMMENT = String.raw`\/\*[^]*?(?:\*\/|$)`;
const STRING = String.raw`"(?:[^"\\\n\r\f]|\\[^])*"?|'(?:[^'\\\n\r\f]|\\[^])*'?`;
const NAME = String.raw`@?-{0,2}(?:[a-z_\u0080-\uffff]|${ESCAPE})(?:[\w\u0080-\uffff-]|${ESCAPE})*\(?`;
const TOKEN = new RegExp(`${COMMENT}|(${STRING})|(${NAME})|[^]`, 'giy');
/** What follows `url(` where it is not a string. */
const UNQUOTED = /\s*(?!\s*["'])((?:[^)\\]|\\[^])*)\)?/y;

/** Functions in which a string is an address. */
const LOADING = new Set(['url(', 'src(', 'image(', 'image-set(', '-webkit-image-set(']);
/** A style sheet without any of these loads nothing. */
const SUSPICIOUS = /url|src|image|@import|\\/i;
/** A string that could become an address by way of a custom property: one word with a sign of an address in it. */
const ADDRESS = /^\s*(?=\S{2})\S*[/\\:?]\S*\s*$/;
/** Takes the place of an address that may not be loaded. */
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

/** The style with addresses that may be loaded, and none else. */
export function loadedStyle(css: string, reach: Reach): string {
  return SUSPICIOUS.test(css) ? new StyleReader(css, reach).read() : css;
}

class StyleReader {
  readonly #css: string;
  readonly #reach: Reach;
  readonly #out: string[] = [];
  /** Functions and parentheses that are open, innermost last. */
  readonly #open: string[] = [];
  /** Where the output of the `@import` that is being read begins; `null` outside of one. */
  #import: number | null = null;
  #isImportRefused = false;
  /** Whether the value of a custom property is being read. */
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
      // Browsers skip line ends within an address.
      (this.#isCustom && ADDRESS.test(address.replaceAll(/[\t\n\r]/g, '')));
    this.#out.push(isAddress ? this.#address(address) : string);
  }

  /** Returns where reading goes on. */
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

  /** An `@import` that may not be loaded is left out as a whole. */
  #endImport(): void {
    if (this.#import !== null && this.#isImportRefused) this.#out.length = this.#import;
    this.#import = null;
    this.#isImportRefused = false;
  }
}
