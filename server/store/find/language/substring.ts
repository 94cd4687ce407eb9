/**
 * Substring search in time linear in the text for any text and any pattern, in steps of bounded size.
 *
 * The JavaScript engine's `indexOf` is fast on ordinary mail, but compares up to text × pattern characters for
 * periodic texts (`aaab` in `aaaa…`). It is therefore used only if that product is small, or to find the first few
 * characters of the pattern (the head). If too many hits of the head are no hits of the pattern, the search
 * continues with the algorithm of Knuth, Morris and Pratt.
 */

/**
 * Characters of the pattern that `indexOf` searches for; it compares at most this number for each character of the
 * text.
 */
const HEAD = 16;
/**
 * Maximum number of comparisons in the worst case for which `indexOf` searches the whole pattern: about a
 * millisecond.
 */
const SMALL = 1 << 20;
/**
 * Number of characters compared without finding the pattern, per character of the text, above which the search
 * changes from `indexOf` to the algorithm of Knuth, Morris and Pratt.
 */
const TOLERATED = 2;
/**
 * Number of characters that may always be compared without finding the pattern before the search changes the
 * algorithm.
 */
const FREE = 1 << 12;

/** A text that is searched for, with the table that the algorithm of Knuth, Morris and Pratt needs. */
export class Needle {
  readonly text: string;
  readonly #head: string;
  #failures: Int32Array | undefined;

  constructor(text: string) {
    this.text = text;
    this.#head = text.slice(0, HEAD);
  }

  get length(): number {
    return this.text.length;
  }

  get head(): string {
    return this.#head;
  }

  /**
   * For each prefix of the text, the length of its longest proper prefix that is also its suffix (the failure
   * function of Knuth, Morris and Pratt).
   */
  get failures(): Int32Array {
    if (this.#failures !== undefined) return this.#failures;
    const { text } = this;
    const failures = new Int32Array(text.length);
    for (let at = 1, matched = 0; at < text.length; at++) {
      while (matched > 0 && text.charCodeAt(at) !== text.charCodeAt(matched)) {
        matched = failures[matched - 1] ?? 0;
      }
      if (text.charCodeAt(at) === text.charCodeAt(matched)) matched++;
      failures[at] = matched;
    }
    this.#failures = failures;
    return failures;
  }
}

/** Whether `indexOf` may search the whole text at once without a noticeable delay of the event loop. */
export const isSmall = (text: string, needle: string): boolean =>
  text.length * Math.min(needle.length, text.length) <= SMALL;

/** One search for one needle (the searched string) in a part of a text. */
class Search {
  readonly #needle: Needle;
  readonly #text: string;
  readonly #end: number;
  #at: number;
  readonly #from: number;
  /**
   * Number of characters that were compared after the head of the needle was found, where the whole needle did not
   * match.
   */
  #inVain = 0;
  /**
   * Number of characters at the start of the needle that match the text directly before the position `#at`; -1
   * while `indexOf` is used.
   */
  #matched = -1;

  constructor(needle: Needle, text: string, from: number, end: number) {
    this.#needle = needle;
    this.#text = text;
    this.#from = this.#at = from;
    this.#end = end;
  }

  /**
   * Cost of the search so far: searched characters of the text, plus characters of the needle that were compared
   * where the needle did not match.
   */
  get work(): number {
    return this.#at - this.#from + this.#inVain;
  }

  /**
   * Continues the search for about `work` characters. Returns the offset after the first hit, -1 if there is no
   * hit, and `undefined` if the search is not finished.
   */
  step(work: number): number | undefined {
    const limit = this.work + work;
    if (this.#at + this.#needle.length - Math.max(0, this.#matched) > this.#end) return -1;
    while (this.work < limit) {
      const found = this.#matched === -1 ? this.#byHead(limit) : this.#byFailures(limit);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #byHead(limit: number): number | undefined {
    const { head, text: wanted } = this.#needle;
    const until = Math.min(this.#end, this.#at + Math.max(HEAD, limit - this.work) + head.length);
    // `indexOf` has no parameter for the end, so it searches a slice, which shares the characters with the text.
    const window = this.#text.slice(this.#at, until);
    const index = window.indexOf(head);
    if (index === -1) {
      this.#at = until - head.length + 1;
      return this.#at + wanted.length > this.#end ? -1 : undefined;
    }
    this.#at += index;
    if (this.#at + wanted.length > this.#end) return -1;
    if (this.#text.startsWith(wanted, this.#at)) return this.#at + wanted.length;
    this.#inVain += wanted.length;
    this.#at++;
    if (this.#inVain > FREE + TOLERATED * (this.#at - this.#from)) this.#matched = 0;
    return undefined;
  }

  #byFailures(limit: number): number | undefined {
    const { text: wanted, failures } = this.#needle;
    const until = Math.min(this.#end, this.#at + (limit - this.work));
    let matched = this.#matched;
    for (let at = this.#at; at < until; at++) {
      const code = this.#text.charCodeAt(at);
      while (matched > 0 && wanted.charCodeAt(matched) !== code) matched = failures[matched - 1] ?? 0;
      if (wanted.charCodeAt(matched) === code) matched++;
      if (matched === wanted.length) return at + 1;
    }
    this.#at = until;
    this.#matched = matched;
    return until + wanted.length - matched > this.#end ? -1 : undefined;
  }
}

/**
 * A search for several needles in the given order without overlap; each needle is matched at its first occurrence
 * after the previous one.
 */
export class Finder {
  readonly #needles: readonly Needle[];
  readonly #text: string;
  readonly #end: number;
  #next = 0;
  #search: Search | undefined;
  #from: number;
  #done = 0;

  /**
   * @param from start of the searched part of `text`
   * @param end end of the searched part (exclusive)
   */
  constructor(needles: readonly Needle[], text: string, from = 0, end = text.length) {
    this.#needles = needles;
    this.#text = text;
    this.#from = from;
    this.#end = end;
  }

  /** Number of characters read so far, as the cost of the search. */
  get work(): number {
    return this.#done + (this.#search?.work ?? 0);
  }

  /**
   * Continues the search for about `work` characters. Returns whether the text contains the needles; `undefined` if
   * the search is not finished.
   */
  step(work: number): boolean | undefined {
    const limit = this.work + work;
    for (;;) {
      const needle = this.#needles[this.#next];
      if (needle === undefined) return true;
      if (this.work >= limit) return undefined;
      this.#search ??= new Search(needle, this.#text, this.#from, this.#end);
      const found = this.#search.step(limit - this.work);
      if (found === undefined) return undefined;
      this.#done += this.#search.work + 1;
      this.#search = undefined;
      if (found === -1) return false;
      this.#from = found;
      this.#next++;
    }
  }

  /** Finishes the search and returns its result. */
  finish(): boolean {
    return this.step(Infinity) ?? false;
  }
}

/** Whether `text` contains `wanted`; takes time linear in the length of `text`. */
export const contains = (text: string, wanted: string): boolean =>
  isSmall(text, wanted) ? text.includes(wanted) : new Finder([new Needle(wanted)], text).finish();
