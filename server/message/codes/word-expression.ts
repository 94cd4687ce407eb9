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

/** Returns whether a pattern closes all of its groups and character classes. */
function isComplete(pattern: string): boolean {
  if (!/[([]/.test(pattern)) return true;
  const signs = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  return !signs.includes('[') && signs.split('(').length === signs.split(')').length;
}

/** Returns the alternatives of a pattern. Groups and character classes are not divided. */
function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const piece of pattern.split('|')) {
    const part = open === '' ? piece : `${open}|${piece}`;
    open = isComplete(part) ? '' : part;
    if (open === '') parts.push(part);
  }
  return parts;
}

/** A pattern that begins with one of several literal texts. */
interface Expansion {
  readonly literals: readonly string[];
  /** The pattern after the literal text. */
  readonly tail: string;
}

/** Maximum number of literal texts to which an alternative is expanded. */
const MAX_LITERALS = 400;

/** Matches one element of a pattern: a group without a name, a class, an escape or a character. */
const ELEMENT = /\((?:[^()\\]|\\.)*\)|\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u[\da-f]{4}|\\.|[^]/uy;
/** Matches characters without another meaning, up to one with a quantifier. */
const LITERAL = /[^\\()[\]?*+{.^$|]+(?![?*+{])/y;
const QUANTIFIER = /[?*+]\??|\{\d*,?\d*\}\??/y;

/** Returns the element at an offset of a pattern. A group includes the groups within it. */
function elementAt(pattern: string, offset: number): string {
  ELEMENT.lastIndex = offset;
  const element = ELEMENT.exec(pattern)?.[0] ?? '';
  if (element !== '(') return element;
  let end = pattern.indexOf(')', offset) + 1;
  while (end > 0 && !isComplete(pattern.slice(offset, end))) end = pattern.indexOf(')', end) + 1;
  return end === 0 ? pattern.slice(offset) : pattern.slice(offset, end);
}

/** Returns the literal texts that an element matches, or undefined if they are not a short list. */
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

/** An alternative of a list of words. */
interface Entry {
  readonly pattern: string;
  /** A lookbehind with which the alternative begins, or an empty text. */
  readonly condition: string;
  /** The pattern of letters that precede the alternative (`\\p{L}{0,30}`), or an empty text. */
  readonly prefix: string;
  expansion?: Expansion;
}

const expressions = new Map<string, RegExp>();

/** Returns the match of a pattern at an offset of a text, or null. */
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
  /** The words, as alternatives of a regular expression, in lower case. */
  readonly words: string;
  /** A condition on the text before the words, as an assertion of a regular expression such as a lookbehind. */
  readonly start?: string;
  /** The pattern that follows the words. */
  readonly end?: string;
}

/** A match of an expression: the offset of its first character, and the offset after its last one. */
interface WordMatch {
  readonly start: number;
  readonly end: number;
}

/** Matches the start of a condition that excludes a letter before the words. */
const AFTER_NO_LETTER = /^\(\?<!\[?(?:\\p\{L\}|\\p\{Script=Latin\})/;

/** Matches a capital letter outside of an escape such as `\S` or `\p{L}`. */
const CAPITAL = /(?<!\\)(?<!\\[pP]\{[A-Za-z=]*)\p{Lu}/u;
const SPECIAL = /[\\()[\]?*+{.^$]/;
/** Matches an alternative that begins with a letter. */
const LITERAL_START = /^[^\\()[\]?*+{.^$](?![?*{])/;
/** Matches the start of an alternative that may begin within a word. */
const PREFIX = /^\\p\{L\}\{\d,\d+\}/;

/** Returns whether a character is one of the usual small letters of the Latin, Greek and Cyrillic scripts. */
const isSmallLetter = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0xdf && code <= 0x24f && code !== 0xf7) ||
  (code >= 0x3b1 && code <= 0x3ce) ||
  (code >= 0x430 && code <= 0x45f);

/** The entries with the same first letter, by their second letter; 0 for entries of one letter. */
type BySecond = Map<number, Entry[]>;

/** A list of words, with an index by their first two letters. Several expressions share a list. */
class WordList {
  /** The alternatives by their first letter. They are divided by their second letter at the first use. */
  readonly #byFirst = new Map<number, (string | Entry)[]>();
  readonly #divided = new Map<number, BySecond>();
  /** The alternatives that begin with a variable text. */
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

  /** Adds an alternative that does not begin with a letter. Returns false if its first letters are variable. */
  #addVariable(alternative: string): boolean {
    const entry = readEntry(alternative);
    entry.expansion = expand(entry.pattern);
    const { literals } = entry.expansion;
    if (literals.includes('')) return false;
    for (const first of new Set(literals.map((literal) => literal.charCodeAt(0)))) this.#keep(first, entry);
    return true;
  }

  /** Returns the entries by their second letter whose first letter is at an offset of a text. */
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

/** Reads the parts of an alternative before its first letter. */
function readEntry(alternative: string): Entry {
  const prefix = PREFIX.exec(alternative)?.[0] ?? '';
  const condition = alternative.startsWith('(?<') ? elementAt(alternative, 0) : '';
  return { pattern: alternative.slice(prefix.length + condition.length), condition, prefix };
}

/** Divides alternatives that have the same first letter by their second letter. */
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

/** Returns the list of the words of a pattern. */
function listOf(words: string): WordList {
  let list = lists.get(words);
  if (list === undefined) {
    list = new WordList(words);
    lists.set(words, list);
  }
  return list;
}

/** Finds the words of a list under the conditions of one expression. */
class WordFinder {
  readonly #list: WordList;
  readonly #start: string;
  readonly #end: string;
  /** Whether the words begin after a character that is not a letter, except for letters of their own prefix. */
  readonly #isAtWordStart: boolean;
  /** Matches the alternatives that begin with a variable text. */
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

  /** Returns the match of an entry at an offset of a text. */
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

  /** Returns the offset at which the match of an entry begins, or -1 if its text before the offset does not match. */
  #startOf({ condition, prefix }: Entry, text: string, offset: number): number {
    const before = prefix === '' ? this.#start + condition : `(?<=${this.#start}(${prefix}))`;
    if (before === '') return offset;
    const match = matchAt(before, text, offset);
    return match === null ? -1 : offset - (match[1]?.length ?? 0);
  }

  /** Returns the match of the first entry that matches at an offset of a text. */
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

  /** Returns the match of the first of the entries that matches. Within a word, only entries with a prefix match. */
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

  /** Returns the first matches, at most `limit`, in the order of the text. Matches do not overlap. */
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

/** An expression that is matched in lower case. */
export class WordExpression {
  readonly #words: readonly Words[];
  #finders: readonly WordFinder[] | undefined;

  /** Creates an expression that matches any of several lists of words. */
  constructor(...words: readonly Words[]) {
    this.#words = words;
  }

  /** The finders, which are built at the first use. */
  get #built(): readonly WordFinder[] {
    return (this.#finders ??= this.#words.map((words) => new WordFinder(words)));
  }

  /** Returns whether a text has a match. */
  test(text: string): boolean {
    const lower = lowerCase(text);
    return this.#built.some((finder) => finder.matches(lower, 1).length > 0);
  }

  /** Returns the offset of the first match, or -1. */
  search(text: string): number {
    return this.matches(text, 1)[0]?.start ?? -1;
  }

  /** Returns the first matches, at most `limit`, in the order of the text. Matches do not overlap. */
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

/** A pattern that is matched in lower case, for patterns with few words. It is compiled at its first use. */
export class LowerCaseExpression {
  readonly #source: string;
  #expression: RegExp | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** Returns the offset of the first match, or -1. */
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
