/**
 * Expressions with words of many languages. V8 compiles a regular expression at its first use, and the compilation of
 * thousands of alternatives takes tens of milliseconds. Therefore the words are in an index by their first two
 * letters, and only the words whose letters are in the text are examined. Only the patterns around and after the words
 * are regular expressions. All matching is in lower case, because the flag `i` multiplies the time of compilation.
 */

/**
 * Returns a text in lower case of the same length, in which each character has its old offset. A character whose
 * lower case has another length is not changed, except for the Turkish `İ`, which becomes `i`.
 */
export function lowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text.replaceAll('İ', 'i'), (character) => {
    const small = character.toLowerCase();
    return small.length === character.length ? small : character;
  }).join('');
}

/** Returns whether all groups and character classes of a part of a regular expression are closed. */
function isComplete(pattern: string): boolean {
  if (!/[([]/.test(pattern)) return true;
  const signs = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  return !signs.includes('[') && signs.split('(').length === signs.split(')').length;
}

/**
 * Returns the alternatives of a regular expression, which `|` separates. Groups and character classes are not
 * divided.
 */
export function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const piece of pattern.split('|')) {
    const part = open === '' ? piece : `${open}|${piece}`;
    open = isComplete(part) ? '' : part;
    if (open === '') parts.push(part);
  }
  return parts;
}

/** A pattern, divided into the literal texts with which it can begin, and the remaining pattern. */
interface Expansion {
  readonly literals: readonly string[];
  /** The remaining pattern, which follows any of the literal texts. */
  readonly tail: string;
}

/** Maximum number of literal texts into which the start of an alternative is expanded. */
const MAX_LITERALS = 400;

/** Matches one element of a regular expression: a group, a character class, an escape or a character. */
const ELEMENT = /\((?:[^()\\]|\\.)*\)|\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u[\da-f]{4}|\\.|[^]/uy;
/**
 * Matches a run of literal characters of a regular expression. A character with a quantifier does not belong to
 * the run.
 */
const LITERAL = /[^\\()[\]?*+{.^$|]+(?![?*+{])/y;
const QUANTIFIER = /[?*+]\??|\{\d*,?\d*\}\??/y;

/**
 * Returns the element (a group, a character class, an escape or a character) at an offset of a regular expression.
 * A group includes its inner groups.
 */
function elementAt(pattern: string, offset: number): string {
  ELEMENT.lastIndex = offset;
  const element = ELEMENT.exec(pattern)?.[0] ?? '';
  if (element !== '(') return element;
  let end = pattern.indexOf(')', offset) + 1;
  while (end > 0 && !isComplete(pattern.slice(offset, end))) end = pattern.indexOf(')', end) + 1;
  return end === 0 ? pattern.slice(offset) : pattern.slice(offset, end);
}

/** Returns all texts that an element of a regular expression matches; undefined if they cannot be listed. */
function literalsOf(element: string): readonly string[] | undefined {
  if (/^[^\\[(.^$]/.test(element)) return [element];
  if (/^\\[^\p{L}\d]$/u.test(element)) return [element.slice(1)];
  if (/^\[[^\\^-]+\]$/.test(element)) return Array.from(element.slice(1, -1));
  if (!element.startsWith('(?:')) return undefined;
  const expansions = splitAlternatives(element.slice(3, -1)).map(expand);
  return expansions.every(({ tail }) => tail === '')
    ? expansions.flatMap(({ literals }) => literals)
    : undefined;
}

/** Returns the literal texts with which a pattern begins, in the order in which a regular expression tries them. */
function expand(pattern: string): Expansion {
  let literals: readonly string[] = [''];
  let offset = 0;
  while (offset < pattern.length) {
    LITERAL.lastIndex = offset;
    const run = LITERAL.exec(pattern)?.[0];
    if (run !== undefined) {
      literals = literals.map((start) => start + run);
      offset += run.length;
      continue;
    }
    const element = elementAt(pattern, offset);
    QUANTIFIER.lastIndex = offset + element.length;
    const quantifier = QUANTIFIER.exec(pattern)?.[0] ?? '';
    const options = quantifier === '' || quantifier === '?' ? literalsOf(element) : undefined;
    if (options === undefined) break;
    const choices = quantifier === '?' ? [...options, ''] : options;
    if (literals.length * choices.length > MAX_LITERALS) break;
    literals = literals.flatMap((start) => choices.map((choice) => start + choice));
    offset += element.length + quantifier.length;
  }
  return { literals, tail: pattern.slice(offset) };
}

/** One alternative of a list of words: a pattern with the conditions on the text before it. */
interface Entry {
  readonly pattern: string;
  /** The lookbehind with which the alternative begins; empty if it begins with none. */
  readonly condition: string;
  /**
   * The pattern of the letters that may precede the alternative within a word (`\\p{L}{0,30}`); empty if no letters
   * may precede it.
   */
  readonly prefix: string;
  expansion?: Expansion;
}

const expressions = new Map<string, RegExp>();

/** Returns the match of a pattern exactly at an offset of a text; null if there is none. */
function matchAt(pattern: string, text: string, offset: number): RegExpExecArray | null {
  let expression = expressions.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, 'uy');
    expressions.set(pattern, expression);
  }
  expression.lastIndex = offset;
  return expression.exec(text);
}

/** Words with the conditions on the text around them. */
interface Words {
  /** The words in lower case, as alternatives of a regular expression. */
  readonly words: string;
  /** A condition on the text before the words, as an assertion of a regular expression such as a lookbehind. */
  readonly start?: string;
  /** The pattern that must match directly after a word. */
  readonly end?: string;
}

/** A match of an expression: the offset of its first character, and the offset after its last character. */
interface WordMatch {
  readonly start: number;
  readonly end: number;
}

/** Matches the beginning of a lookbehind which requires that no letter precedes the words. */
const AFTER_NO_LETTER = /^\(\?<!\[?(?:\\p\{L\}|\\p\{Script=Latin\})/;

/**
 * Matches a capital letter outside of an escape such as `\S`, `\p{L}` or `\u00E9`, which `source` of a regular
 * expression contains in Bun.
 */
const CAPITAL = /(?<!\\)(?<!\\u[\dA-F]{0,3})(?<!\\[pP]\{[A-Za-z=]*)\p{Lu}/u;
const SPECIAL = /[\\()[\]?*+{.^$]/;
/** Matches an alternative that begins with a literal character. */
const LITERAL_START = /^[^\\()[\]?*+{.^$](?![?*{])/;
/** Matches the beginning of an alternative that may be found within a word: a pattern for the letters before it. */
const PREFIX = /^\\p\{L\}\{\d,\d+\}/;

/** Returns whether a character is one of the usual small letters of the Latin, Greek and Cyrillic scripts. */
const isSmallLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0xdf && code <= 0x24f && code !== 0xf7) ||
  (code >= 0x3b1 && code <= 0x3ce) ||
  (code >= 0x430 && code <= 0x45f);

/**
 * Alternatives with the same first letter, by the code of their second letter; the key 0 has the alternatives of
 * one letter.
 */
type BySecond = Map<number, Entry[]>;

/** A list of words, with an index by their first two letters. Several expressions share a list. */
class WordList {
  /**
   * The alternatives by the code of their first letter. They are divided by their second letter when a text first
   * contains the first letter.
   */
  readonly #byFirst = new Map<number, (string | Entry)[]>();
  readonly #divided = new Map<number, BySecond>();
  /**
   * The alternatives that cannot be in the index, because their first letters cannot be listed. They are matched
   * by a regular expression.
   */
  readonly others: string[] = [];
  /** Whether some alternatives may begin within a word. */
  readonly hasPrefixes: boolean;

  constructor(words: string) {
    if (CAPITAL.test(words)) throw new TypeError(`Words must be in lower case: ${words}`);
    let hasPrefixes = false;
    for (const alternative of splitAlternatives(words)) {
      if (LITERAL_START.test(alternative)) this.#keep(alternative.charCodeAt(0), alternative);
      else if (!this.#addVariable(alternative)) this.others.push(alternative);
      else if (PREFIX.test(alternative)) hasPrefixes = true;
    }
    this.hasPrefixes = hasPrefixes;
  }

  #keep(first: number, alternative: string | Entry): void {
    const list = this.#byFirst.get(first);
    if (list === undefined) this.#byFirst.set(first, [alternative]);
    else list.push(alternative);
  }

  /**
   * Adds an alternative that begins with a group or another special sign. Returns false if its first letters
   * cannot be listed.
   */
  #addVariable(alternative: string): boolean {
    const entry = readEntry(alternative);
    entry.expansion = expand(entry.pattern);
    const { literals } = entry.expansion;
    if (literals.includes('')) return false;
    for (const first of new Set(literals.map((literal) => literal.charCodeAt(0)))) this.#keep(first, entry);
    return true;
  }

  /** Returns the alternatives whose first letter is at an offset of a text, by their second letter. */
  entriesAt(text: string, offset: number): BySecond | undefined {
    const first = text.charCodeAt(offset);
    const known = this.#divided.get(first);
    if (known !== undefined) return known;
    const alternatives = this.#byFirst.get(first);
    if (alternatives === undefined) return undefined;
    const divided = divideBySecond(first, alternatives);
    this.#divided.set(first, divided);
    return divided;
  }
}

/** Separates the conditions at the start of an alternative from its pattern. */
function readEntry(alternative: string): Entry {
  const prefix = PREFIX.exec(alternative)?.[0] ?? '';
  const condition = alternative.startsWith('(?<') ? elementAt(alternative, 0) : '';
  return { pattern: alternative.slice(prefix.length + condition.length), condition, prefix };
}

/** Groups alternatives that have the same first letter by their second letter. */
function divideBySecond(first: number, alternatives: readonly (string | Entry)[]): BySecond {
  const divided: BySecond = new Map();
  for (const alternative of alternatives) {
    const entry = typeof alternative === 'string' ? readEntry(alternative) : alternative;
    const special = entry.pattern.search(SPECIAL);
    const isPlain = special === -1 || special > 2;
    if (!isPlain) entry.expansion ??= expand(entry.pattern);
    const literals = (isPlain ? [entry.pattern] : (entry.expansion?.literals ?? [])).filter(
      (literal) => literal.charCodeAt(0) === first,
    );
    for (const second of new Set(literals.map((literal) => literal.charCodeAt(1) || 0))) {
      const list = divided.get(second);
      if (list === undefined) divided.set(second, [entry]);
      else list.push(entry);
    }
  }
  return divided;
}

const lists = new Map<string, WordList>();

/** Returns the list of the words that a pattern contains as alternatives. Lists are cached. */
function listOf(words: string): WordList {
  let list = lists.get(words);
  if (list === undefined) {
    list = new WordList(words);
    lists.set(words, list);
  }
  return list;
}

/**
 * Finds the words of a list in a text, if the text before and after each word meets the conditions of one
 * expression.
 */
class WordFinder {
  readonly #list: WordList;
  readonly #start: string;
  readonly #end: string;
  /**
   * Whether words are found only at the start of a word of the text, except for alternatives that permit letters
   * before them.
   */
  readonly #isAtWordStart: boolean;
  /** Matches the alternatives that are not in the index, because their first letters cannot be listed. */
  readonly #others: RegExp | undefined;

  constructor({ words, start = '', end = '' }: Words) {
    this.#list = listOf(words);
    this.#start = start;
    this.#end = end;
    const { others } = this.#list;
    this.#isAtWordStart = AFTER_NO_LETTER.test(start);
    this.#others =
      others.length === 0 ? undefined : new RegExp(`${start}(?:${others.join('|')})${end}`, 'gu');
  }

  /** Returns the match of one alternative at an offset of a text; undefined if it does not match. */
  #matchEntry(entry: Entry, text: string, offset: number): WordMatch | undefined {
    const { literals, tail } = (entry.expansion ??= expand(entry.pattern));
    for (const literal of literals) {
      if (!text.startsWith(literal, offset)) continue;
      const start = this.#startOf(entry, text, offset);
      if (start === -1) return undefined;
      const after = offset + literal.length;
      const rest = tail + this.#end;
      const match = rest === '' ? '' : matchAt(rest, text, after)?.[0];
      if (match !== undefined) return { start, end: after + match.length };
    }
    return undefined;
  }

  /**
   * Returns the offset at which the match of an alternative begins; -1 if the text before `offset` does not meet
   * the conditions.
   */
  #startOf({ condition, prefix }: Entry, text: string, offset: number): number {
    const before = prefix === '' ? this.#start + condition : `(?<=${this.#start}(${prefix}))`;
    if (before === '') return offset;
    const match = matchAt(before, text, offset);
    return match === null ? -1 : offset - (match[1]?.length ?? 0);
  }

  /** Returns the match of the first alternative in the index that matches at an offset of a text. */
  #matchAt(text: string, offset: number): WordMatch | undefined {
    const isWithin = this.#isAtWordStart && offset > 0 && isSmallLetter(text.charCodeAt(offset - 1));
    if (isWithin && !this.#list.hasPrefixes) return undefined;
    const bySecond = this.#list.entriesAt(text, offset);
    if (bySecond === undefined) return undefined;
    return (
      this.#matchAny(bySecond.get(text.charCodeAt(offset + 1)), text, offset, isWithin) ??
      this.#matchAny(bySecond.get(0), text, offset, isWithin)
    );
  }

  /**
   * Returns the match of the first alternative that matches. Within a word, only alternatives that permit letters
   * before them can match.
   */
  #matchAny(
    entries: readonly Entry[] | undefined,
    text: string,
    offset: number,
    isWithin: boolean,
  ): WordMatch | undefined {
    if (entries === undefined) return undefined;
    for (const entry of entries) {
      if (isWithin && entry.prefix === '') continue;
      const match = this.#matchEntry(entry, text, offset);
      if (match !== undefined) return match;
    }
    return undefined;
  }

  /** Returns at most `limit` matches in a text, in the order of the text. Matches do not overlap. */
  matches(text: string, limit: number): readonly WordMatch[] {
    const found: WordMatch[] = [];
    let end = 0;
    let other = this.#findOther(text, 0);
    for (let offset = 0; offset <= text.length && found.length < limit; offset += 1) {
      if (other !== undefined && other.start < offset) other = this.#findOther(text, offset);
      const match = this.#matchAt(text, offset) ?? (other?.start === offset ? other : undefined);
      if (match === undefined || match.start < end) continue;
      found.push(match);
      end = match.end;
      offset = Math.max(end - 1, offset);
    }
    return found;
  }

  #findOther(text: string, from: number): WordMatch | undefined {
    if (this.#others === undefined) return undefined;
    this.#others.lastIndex = from;
    const match = this.#others.exec(text);
    return match === null ? undefined : { start: match.index, end: match.index + match[0].length };
  }
}

/**
 * An expression of one or more lists of words, each with conditions on the text around the words. Matching ignores
 * case.
 */
export class WordExpression {
  readonly #words: readonly Words[];
  #finders: readonly WordFinder[] | undefined;

  /** Creates an expression that matches any of several lists of words. */
  constructor(...words: readonly Words[]) {
    this.#words = words;
  }

  /** The finders of the lists of words. They are built at the first use. */
  get #built(): readonly WordFinder[] {
    return (this.#finders ??= this.#words.map((words) => new WordFinder(words)));
  }

  /** Returns whether a text has a match. */
  test(text: string): boolean {
    const lower = lowerCase(text);
    return this.#built.some((finder) => finder.matches(lower, 1).length > 0);
  }

  /** Returns the offset of the first match in a text; -1 if there is none. */
  search(text: string): number {
    return this.matches(text, 1)[0]?.start ?? -1;
  }

  /** Returns at most `limit` matches in a text, in the order of the text. Matches do not overlap. */
  matches(text: string, limit: number): readonly WordMatch[] {
    const lower = lowerCase(text);
    const found = this.#built.flatMap((finder) => finder.matches(lower, limit));
    let end = 0;
    return found
      .sort((a, b) => a.start - b.start)
      .filter((match) => {
        if (match.start < end) return false;
        end = match.end;
        return true;
      })
      .slice(0, limit);
  }
}

/** A regular expression with few words. Matching ignores case; the expression is compiled at its first use. */
export class LowerCaseExpression {
  readonly #source: string;
  #expression: RegExp | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Returns the offset of the first match in a text; -1 if there is none. */
  search(text: string): number {
    if (this.#expression === undefined) {
      if (CAPITAL.test(this.#source)) throw new TypeError(`Words must be in lower case: ${this.#source}`);
      this.#expression = new RegExp(this.#source, 'u');
    }
    return lowerCase(text).search(this.#expression);
  }

  /** Returns whether a text has a match. */
  test(text: string): boolean {
    return this.search(text) !== -1;
  }
}
