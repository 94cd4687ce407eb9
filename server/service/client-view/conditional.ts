/**
 * Evaluates the conditional comments of a document as Outlook for Windows does, which shows HTML with the engine of
 * Word: `<!--[if mso]>…<![endif]-->` is shown, `<!--[if !mso]><!-->…<!--<![endif]-->` is not.
 */

/** The version of Office for which conditions such as `gte mso 15` are evaluated: Outlook 2016 and later. */
const OFFICE = 16;

/**
 * Matches the start and the end of a conditional comment, in its hidden and its revealed form. A condition has at most
 * 200 characters.
 */
const MARK =
  /<!(?:--)?\s*\[if\s([^\]]{1,200})\]>(?:\s*<!--\s*(?:--)?>|-->)?|(?:<!--\s*)?<!\s*\[endif\]\s*(?:--)?>/gi;

const COMPARISONS: Readonly<Record<string, (version: number) => boolean>> = {
  lt: (version) => OFFICE < version,
  lte: (version) => OFFICE <= version,
  gt: (version) => OFFICE > version,
  gte: (version) => OFFICE >= version,
};

/** Evaluates one condition: alternatives of conjunctions of terms, which can be negated or in parentheses. */
class Condition {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(text: string) {
    this.#tokens = text.toLowerCase().match(/[()&|!]|[\w.]+/g) ?? [];
  }

  holds(): boolean {
    let holds = this.#conjunction();
    while (this.#take('|')) {
      const other = this.#conjunction();
      holds ||= other;
    }
    return holds;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#next] !== token) return false;
    this.#next++;
    return true;
  }

  #conjunction(): boolean {
    let holds = this.#term();
    while (this.#take('&')) {
      const other = this.#term();
      holds &&= other;
    }
    return holds;
  }

  #term(): boolean {
    if (this.#take('!')) return !this.#term();
    if (this.#take('(')) {
      const holds = this.holds();
      this.#take(')');
      return holds;
    }
    const word = this.#tokens[this.#next++];
    if (word === 'true' || word === 'vml') return true;
    const compare = word === undefined ? undefined : COMPARISONS[word];
    const name = compare === undefined ? word : this.#tokens[this.#next++];
    if (name !== 'mso') return false;
    const version = this.#version();
    if (version === null) return true;
    return compare === undefined ? version === OFFICE : compare(version);
  }

  #version(): number | null {
    const token = this.#tokens[this.#next];
    if (token === undefined || !/^\d+(?:\.\d+)?$/.test(token)) return null;
    this.#next++;
    return Number(token);
  }
}

/** Whether Outlook for Windows shows the content of a conditional comment with the condition. */
export const isShownByWord = (condition: string): boolean => new Condition(condition).holds();

/** A piece of a document that a conditional comment hides or reveals. */
export interface ConditionalPiece {
  /** The condition, such as `mso`. */
  readonly condition: string;
  readonly isShown: boolean;
  /** The start and the end of the conditional comment's first mark in the document, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

interface Evaluated {
  readonly html: string;
  readonly pieces: readonly ConditionalPiece[];
}

const lineFeeds = (text: string): string => text.replaceAll(/[^\n]+/g, '');

/**
 * Returns the document with the content of the conditional comments that Outlook for Windows shows, and without the
 * content of the other conditional comments. Line feeds are kept, so the numbers of the lines are those of the given
 * document.
 */
export function evaluateConditionals(html: string): Evaluated {
  const pieces: ConditionalPiece[] = [];
  const out: string[] = [];
  const open: boolean[] = [];
  let position = 0;
  let hidden = 0;
  const add = (text: string): void => void out.push(hidden > 0 ? lineFeeds(text) : text);
  for (const match of html.matchAll(MARK)) {
    const [mark, condition] = match;
    const isEnd = condition === undefined;
    if (isEnd && open.length === 0) continue;
    add(html.slice(position, match.index));
    out.push(lineFeeds(mark));
    position = match.index + mark.length;
    if (isEnd) {
      if (open.pop() === false) hidden--;
    } else {
      const isShown = isShownByWord(condition.trim());
      pieces.push({ condition: condition.trim(), isShown, start: match.index, end: position });
      open.push(isShown);
      if (!isShown) hidden++;
    }
  }
  add(html.slice(position));
  return { html: out.join(''), pieces };
}
