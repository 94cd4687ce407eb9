/**
 * Finds the links of an HTML document with the tokenizer of htmlparser2. The function builds no tree and no
 * stack of open elements, so its work is linear for any markup.
 */
import { Tokenizer } from 'htmlparser2';

interface HtmlLink {
  readonly href: string;
  /**
   * The visible text of the link, on one line. For a link without text, the alternative text of its image, or
   * else its `title` attribute.
   */
  readonly text: string;
}

/**
 * Maximum number of characters of an HTML document that are read for links. `MAX_LINKS` is the maximum number
 * of returned links. `MAX_TEXT` is the maximum length of a link's text in characters.
 */
const MAX_HTML = 2_000_000;
const MAX_LINKS = 1_000;
const MAX_TEXT = 200;
/**
 * Maximum number of characters of one link's text that are collected. It is larger than the length of the
 * final text, because runs of white space are joined later.
 */
const MAX_COLLECTED = 2_000;

/** Attributes that are read from `a`, `area` and the elements within a link. */
const READ = new Set(['href', 'alt', 'title', 'aria-label']);

const fold = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);

const ignored = (): void => undefined;

class LinkCollector {
  readonly links: HtmlLink[] = [];
  readonly #html: string;
  #tag = '';
  #attribute = '';
  #value = '';
  #attributes: Record<string, string> = {};
  #href: string | null = null;
  #text = '';
  #alternative = '';
  #hidden = false;

  constructor(html: string) {
    this.#html = html;
  }

  // The methods from here on are callbacks of the tokenizer; htmlparser2 defines their names and signatures.
  // Their offsets refer to the HTML document.
  onopentagname(start: number, end: number): void {
    this.#tag = this.#html.slice(start, end).toLowerCase();
    this.#attributes = {};
  }

  onattribname(start: number, end: number): void {
    this.#attribute = end - start > 10 ? '' : this.#html.slice(start, end).toLowerCase();
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (READ.has(this.#attribute)) this.#value += this.#html.slice(start, end);
  }

  onattribentity(codepoint: number): void {
    if (READ.has(this.#attribute)) this.#value += String.fromCodePoint(codepoint);
  }

  onattribend(): void {
    if (READ.has(this.#attribute)) this.#attributes[this.#attribute] ??= this.#value;
  }

  onopentagend(): void {
    this.#open();
  }

  onselfclosingtag(): void {
    this.#open();
  }

  onclosetag(start: number, end: number): void {
    const tag = this.#html.slice(start, end).toLowerCase();
    if (tag === 'a') this.#finish();
    if (tag === 'style' || tag === 'script') this.#hidden = false;
  }

  ontext(start: number, end: number): void {
    if (this.#href === null || this.#hidden || this.#text.length > MAX_COLLECTED) return;
    this.#text += this.#html.slice(start, Math.min(end, start + MAX_COLLECTED));
  }

  ontextentity(codepoint: number): void {
    if (this.#href !== null && this.#text.length <= MAX_COLLECTED)
      this.#text += String.fromCodePoint(codepoint);
  }

  onend(): void {
    this.#finish();
  }

  readonly oncdata = ignored;
  readonly oncomment = ignored;
  readonly ondeclaration = ignored;
  readonly onprocessinginstruction = ignored;

  #open(): void {
    const { href, alt, title } = this.#attributes;
    if (this.#tag === 'a') {
      this.#finish();
      this.#href = href?.trim() ?? null;
      this.#alternative = title ?? this.#attributes['aria-label'] ?? '';
    } else if (this.#tag === 'area' && href !== undefined) {
      this.#add(href.trim(), alt ?? title ?? '');
    } else if (this.#href !== null) {
      if (alt !== undefined) this.#alternative = `${alt} ${this.#alternative}`.slice(0, MAX_COLLECTED);
      if (this.#tag === 'style' || this.#tag === 'script') this.#hidden = true;
      else this.#text += ' ';
    }
  }

  #finish(): void {
    if (this.#href !== null) this.#add(this.#href, fold(this.#text) || this.#alternative);
    this.#href = null;
    this.#text = '';
    this.#alternative = '';
  }

  #add(href: string, text: string): void {
    if (href !== '' && !href.startsWith('#') && this.links.length < MAX_LINKS)
      this.links.push({ href, text: fold(text) });
  }
}

/** Returns the links of `html` in the order of the document. Links to an anchor on the same page are left out. */
export function htmlLinks(html: string): readonly HtmlLink[] {
  const read = html.slice(0, MAX_HTML);
  const collector = new LinkCollector(read);
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, collector);
  tokenizer.write(read);
  tokenizer.end();
  return collector.links;
}
