/**
 * Formats HTML for reading: one block element per line, indented by its nesting. The words of the text stay the same,
 * but its white space does not.
 */
import { tokensOfHtml, type Line, type Token } from './highlight.ts';

/** The names of block elements, which are written on lines of their own. */
const BLOCKS = new Set(
  (
    'address article aside blockquote body br button caption center col colgroup dd details div dl dt fieldset ' +
    'figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main map meta nav ' +
    'object ol option p pre script section select style summary svg table tbody td template textarea tfoot th thead ' +
    'title tr ul video'
  ).split(' '),
);
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '));
/** The names of elements whose white space is preserved, because their text is already formatted. */
const VERBATIM = new Set(['pre', 'textarea', 'script', 'style']);
/**
 * For each element name, the names of the open elements that are closed by its start tag. HTML allows the end
 * tags of these elements to be omitted.
 */
const ENDED_BY: Readonly<Record<string, readonly string[]>> = {
  li: ['li'],
  dt: ['dt', 'dd'],
  dd: ['dt', 'dd'],
  p: ['p'],
  option: ['option'],
  td: ['td', 'th'],
  th: ['td', 'th'],
  tr: ['tr', 'td', 'th'],
};

const INDENT = 2;
/** The maximum number of indented levels, because hostile mail can be nested without limit. */
const DEEPEST = 40;
/**
 * The maximum number of open elements that are searched for the start tag that matches an end tag; without this
 * limit, hostile mail would take quadratic time.
 */
const FAR = 100;
/** The maximum length of a line with a start tag, its text and its end tag, in characters. */
const SHORT = 100;

interface Block {
  readonly depth: number;
  readonly tokens: Token[];
  /**
   * The name of the element whose start tag is in this block, but whose end tag is in a later block; `null` for
   * other blocks.
   */
  readonly opens: string | null;
}

const lengthOf = (tokens: readonly Token[]): number => tokens.reduce((sum, { text }) => sum + text.length, 0);

class Layout {
  readonly #blocks: Block[] = [];
  readonly #open: string[] = [];
  #line: Token[] = [];
  /** Whether the current line is preformatted and therefore gets no indent. */
  #isLaidOut = false;

  text(token: Token): void {
    const text = token.text.replace(/\s+/g, ' ');
    const begins = this.#line.length === 0 ? text.trimStart() : text;
    if (begins !== '') this.#line.push({ ...token, text: begins });
  }

  inline(tokens: readonly Token[]): void {
    this.#line.push(...tokens);
  }

  /** Adds preformatted text. Its first line continues the current line. */
  verbatim({ kind, text }: Token): void {
    text.split(/\r?\n/).forEach((piece, index) => {
      const isNothing = this.#line.length === 0 && this.#blocks.at(-1)?.opens != null;
      if (index > 0 && !isNothing) this.#push(null);
      if (index > 0) this.#isLaidOut = true;
      if (piece !== '') this.#line.push({ kind, text: piece });
    });
  }

  comment(token: Token): void {
    this.end();
    this.verbatim(token);
    this.end();
  }

  begin(name: string, tokens: readonly Token[], isWhole: boolean): void {
    // A `<br>` stays at the end of the line that it breaks.
    if (name !== 'br') this.end();
    const ended = ENDED_BY[name] ?? [];
    while (ended.includes(this.#open.at(-1) ?? '')) this.#open.pop();
    this.#line.push(...tokens);
    this.end(isWhole ? null : name);
    if (!isWhole) this.#open.push(name);
  }

  finish(name: string, tokens: readonly Token[]): void {
    const near = this.#open.slice(-FAR);
    const at = near.lastIndexOf(name);
    const before = this.#blocks.at(-1);
    const fits = before?.opens === name && lengthOf(before.tokens) + lengthOf(this.#line) <= SHORT;
    if (before !== undefined && fits) {
      this.#blocks.pop();
      this.#open.length = before.depth;
      this.#line = [...before.tokens, ...this.#line, ...tokens];
    } else {
      this.end();
      if (at >= 0) this.#open.length += at - near.length;
      this.#line.push(...tokens);
    }
    this.end();
  }

  end(opens: string | null = null): void {
    if (this.#line.length > 0) this.#push(opens);
    this.#isLaidOut = false;
  }

  #push(opens: string | null): void {
    const depth = this.#isLaidOut ? 0 : this.#open.length;
    this.#blocks.push({ depth, tokens: this.#line.splice(0), opens });
  }

  lines(): Line[] {
    this.end();
    return this.#blocks.map(({ depth, tokens }) => {
      const indent = ' '.repeat(INDENT * Math.min(depth, DEEPEST));
      return indent === '' ? tokens : [{ kind: 'plain', text: indent }, ...tokens];
    });
  }
}

/**
 * Yields groups of tokens: all tokens of a tag, including its attributes, as one group, and every other token
 * alone.
 */
function* piecesOf(tokens: readonly Token[]): Generator<readonly Token[]> {
  for (let at = 0; at < tokens.length; at++) {
    const from = at;
    if (isTag(tokens[at])) while (at + 1 < tokens.length && !isTag(tokens[at], />$/)) at++;
    yield tokens.slice(from, at + 1);
  }
}

const isTag = (token: Token | undefined, pattern = /^</): boolean =>
  token?.kind === 'tag' && pattern.test(token.text);

/** Returns the lower-case element name of a tag (empty for other tokens), and whether it is an end tag. */
function tagOf(token: Token): { name: string; ends: boolean } {
  const [, slash, name = ''] = isTag(token) ? (/^<(\/?)(.+)/.exec(token.text.toLowerCase()) ?? []) : [];
  return { name, ends: slash === '/' };
}

/** Returns the lines of an HTML document, indented by the nesting of its elements. */
export function indentHtml(source: string): Line[] {
  const layout = new Layout();
  let verbatim: string | null = null;
  for (const piece of piecesOf(tokensOfHtml(source))) {
    const [first] = piece;
    if (first === undefined) continue;
    const { name, ends } = tagOf(first);
    if (verbatim !== null && !(ends && name === verbatim)) piece.forEach((token) => layout.verbatim(token));
    else if (first.kind === 'comment') layout.comment(first);
    else if (name === '') layout.text(first);
    else if (!BLOCKS.has(name)) layout.inline(piece);
    else if (ends) {
      layout.finish(name, piece);
      verbatim = null;
    } else {
      const isWhole = VOID.has(name) || piece.at(-1)?.text === '/>';
      layout.begin(name, piece, isWhole);
      if (VERBATIM.has(name) && !isWhole) verbatim = name;
    }
  }
  return layout.lines();
}
