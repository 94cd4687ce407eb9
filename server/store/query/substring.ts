/**
 * Substring search in time linear in the text, whatever the text and the pattern hold, and in steps of bounded size.
 *
 * The engine's `indexOf` is fast on ordinary mail, but compares up to text × pattern characters on periodic ones
 * (`aaab` in `aaaa…`). It is therefore used only where that product is small, or with the first few characters of the
 * pattern; when too many of their hits turn out to be none, Knuth, Morris and Pratt's algorithm goes on.
 */

/** Characters of the pattern that the engine looks for; its cost for each character of the text is at most this. */
const HEAD = 16;
/** Comparisons that the engine may need at worst where it searches on its own: about a millisecond. */
const SMALL = 1 << 20;
/** Characters compared at hits of the head, for each character passed, before the other algorithm takes over. */
const TOLERATED = 2;
/** Characters compared in vain that are always tolerated. */
const FREE = 1 << 12;

/** A text that is looked for. */
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

  /** For each length of a matched beginning, the length of the longest shorter one that also ends there. */
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

/** Whether the engine may search the whole of a text at once: a turn of the event loop notices nothing. */
export const isSmall = (text: string, needle: string): boolean =>
  text.length * Math.min(needle.length, text.length) <= SMALL;

/** One search for one needle in a part of a text. */
class Search {
  readonly #needle: Needle;
  readonly #text: string;
  readonly #end: number;
  #at: number;
  readonly #from: number;
  /** Characters compared at hits of the head that were no hits of the needle. */
  #inVain = 0;
  /** Characters of the needle that match before `#at`; -1 while the engine searches. */
  #matched = -1;

  constructor(needle: Needle, text: string, from: number, end: number) {
    this.#needle = needle;
    this.#text = text;
    this.#from = this.#at = from;
    this.#end = end;
  }

  /** Characters of the text that are dealt with, and of the needle that were compared in vain. */
  get work(): number {
    return this.#at - this.#from + this.#inVain;
  }

  /** The offset behind the first hit, -1 when there is none; `undefined` when `work` is used up before. */
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
    // A slice, as the engine takes no end; it shares the characters.
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

/** A search for several needles, one behind the other without overlap: each is taken where it comes first. */
export class Finder {
  readonly #needles: readonly Needle[];
  readonly #text: string;
  readonly #end: number;
  #next = 0;
  #search: Search | undefined;
  #from: number;
  #done = 0;

  /** @param from and `end`: offsets in `text` that a hit lies between */
  constructor(needles: readonly Needle[], text: string, from = 0, end = text.length) {
    this.#needles = needles;
    this.#text = text;
    this.#from = from;
    this.#end = end;
  }

  /** Characters read so far: what the search has cost. */
  get work(): number {
    return this.#done + (this.#search?.work ?? 0);
  }

  /** Whether the text holds the needles; `undefined` when about `work` characters were read and the answer is open. */
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

  /** The answer, however long it takes. */
  finish(): boolean {
    return this.step(Infinity) ?? false;
  }
}
