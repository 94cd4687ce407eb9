/**
 * Searches a text for a pattern (a substring). For any text and any pattern, the time is linear in the length
 * of the text, and the work is divided into steps of bounded size.
 *
 * The JavaScript engine's `indexOf` is fast on ordinary mail, but compares up to text × pattern characters
 * for periodic texts (`aaab` in `aaaa…`). It is therefore used only if that product is small, or to find the
 * first few characters of the pattern (the head). If the head is found too often where the whole pattern does
 * not match, the search continues with the algorithm of Knuth, Morris and Pratt.
 */

/**
 * Number of characters at the start of the pattern (the head) that `indexOf` searches for. For each character
 * of the text, `indexOf` makes at most this number of comparisons.
 */
const HEAD = 16;
/**
 * The whole pattern is searched with `indexOf` if this takes at most this number of comparisons in the worst
 * case, about a millisecond.
 */
const SMALL = 1 << 20;
/**
 * A comparison of characters is fruitless if the pattern does not match at this place. If there are more
 * fruitless comparisons than this number per character of the text, the search changes from `indexOf` to the
 * algorithm of Knuth, Morris and Pratt.
 */
const TOLERATED = 2;
/**
 * Number of fruitless comparisons that are always allowed before the search changes from `indexOf` to the
 * algorithm of Knuth, Morris and Pratt.
 */
const FREE = 1 << 12;

/** A needle (the searched string), with the table that the algorithm of Knuth, Morris and Pratt needs. */
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

/** Returns whether `indexOf` may search the whole text at once without blocking the event loop noticeably. */
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
   * Number of fruitless comparisons: characters of the needle that were compared where its head matched, but
   * the whole needle did not.
   */
  #inVain = 0;
  /**
   * In the algorithm of Knuth, Morris and Pratt: the number of characters at the start of the needle that
   * match the text directly before the position `#at`. −1 while `indexOf` is used.
   */
  #matched = -1;

  constructor(needle: Needle, text: string, from: number, end: number) {
    this.#needle = needle;
    this.#text = text;
    this.#from = this.#at = from;
    this.#end = end;
  }

  /**
   * Cost of the search so far: the number of searched characters of the text, plus the number of comparisons
   * at places where the needle did not match.
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
    // `indexOf` has no parameter for the end of the search. Therefore a slice of the text is searched; a
    // slice does not copy the characters.
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
 * A search for several needles (searched strings) that must occur in the given order without overlap. Each
 * needle is matched at its first occurrence after the previous needle.
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
   * Prepares a search in a part of `text`.
   * @param from offset at which the searched part of `text` starts
   * @param end offset after the searched part of `text`
   */
  constructor(needles: readonly Needle[], text: string, from = 0, end = text.length) {
    this.#needles = needles;
    this.#text = text;
    this.#from = from;
    this.#end = end;
  }

  /**
   * Cost of the search so far: the number of searched characters of the text, plus the number of comparisons at
   * places where no needle matched.
   */
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

/** Returns whether `text` contains `wanted`. The time is linear in the length of `text`. */
export const contains = (text: string, wanted: string): boolean =>
  isSmall(text, wanted) ? text.includes(wanted) : new Finder([new Needle(wanted)], text).finish();
