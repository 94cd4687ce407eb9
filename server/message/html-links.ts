/**
 * The links of an HTML document, by htmlparser2's tokenizer: no tree and no stack of open elements, so the work is
 * linear whatever the markup.
 */
import { Tokenizer } from 'htmlparser2';

interface HtmlLink {
  readonly href: string;
  /** What is shown: text, else an image's alternative text, else a title; on one line. */
  readonly text: string;
}

/** Characters of HTML read, and links kept of one document. */
const MAX_HTML = 2_000_000;
const MAX_LINKS = 1_000;
const MAX_TEXT = 200;
/** Characters collected of one link's text before folding. */
const MAX_COLLECTED = 2_000;

/** Attributes that are read, of `a`, `area` and the elements within a link. */
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

  // The tokenizer's callbacks, in its spelling; offsets are those of the document.
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

/** The links of `html` in order, anchors within the page left out. */
export function htmlLinks(html: string): readonly HtmlLink[] {
  const read = html.slice(0, MAX_HTML);
  const collector = new LinkCollector(read);
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, collector);
  tokenizer.write(read);
  tokenizer.end();
  return collector.links;
}
