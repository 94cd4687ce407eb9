/**
 * Regular expressions with words of many languages. V8 compiles an expression at its first use, and the time of the
 * compilation increases with the number of alternatives; the flag `i` multiplies it. Therefore the expressions
 * match a text in lower case, and each expression is divided by script: a text in Latin letters never
 * compiles the words in Cyrillic or Thai.
 */

/**
 * Scripts that are compiled together, as ranges of a character class. ASCII is the first group. It also has all
 * alternatives without letters, and is tested for every text.
 */
const GROUPS = [
  'a-z',
  '\u00aa\u00b5\u00ba\u00c0-\u00ff',
  '\u0100-\u024f\u0250-\u02af\u1e00-\u1eff',
  '\u0370-\u03ff\u1f00-\u1fff',
  '\u0400-\u052f',
  '\u0590-\u05ff',
  '\u0600-\u06ff\u0750-\u077f',
  '\u0900-\u0dff',
  '\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff',
  '\u0530-\u058f\u10a0-\u10ff\u1200-\u137f',
  '\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef',
].map((ranges) => new RegExp(`[${ranges}]`));
const ASCII = 0;
/** The last of the groups with Latin letters. */
const LAST_LATIN = 2;

const NOT_ASCII = /[^\0-\x7f]/;

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

/** Returns the alternatives of a pattern. Groups and character classes are not divided. */
function splitAlternatives(pattern: string): string[] {
  const parts: string[] = [];
  let open = '';
  for (const piece of pattern.split('|')) {
    const part = open === '' ? piece : `${open}|${piece}`;
    if (isComplete(part)) {
      parts.push(part);
      open = '';
    } else open = part;
  }
  return parts;
}

/** Returns whether a pattern closes all of its groups and character classes. */
function isComplete(pattern: string): boolean {
  if (!/[([]/.test(pattern)) return true;
  const signs = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '');
  return !signs.includes('[') && signs.split('(').length === signs.split(')').length;
}

/** Returns the index of the group of a letter, or undefined for another character. */
const groupOf = (character: string): number | undefined => {
  const group = GROUPS.findIndex((expression) => expression.test(character));
  return group === -1 ? undefined : group;
};

/** Matches what can be absent from a match of an alternative: optional characters, classes and escapes. */
const NOT_REQUIRED = /\\(?:[pP]\{[^}]*\}|u[\da-f]{4}|.)[?*]?|\[[^\]]*\]|[^()](?:[?*]|\{\d*,?\d*\})/g;

/** Returns the parts of a pattern outside of groups. */
function outsideGroups(pattern: string): string {
  let outside = pattern;
  for (let inner = ''; inner !== outside;) {
    inner = outside;
    outside = outside.replace(/\([^()]*\)/g, '\n');
  }
  return outside;
}

const largest = (values: readonly (number | undefined)[]): number | undefined =>
  values.reduce((a, b) => (b === undefined || (a !== undefined && a > b) ? a : b), undefined);

/**
 * Returns the group of an alternative: a group of which a letter is in each text that the alternative matches.
 */
function groupOfAlternative(alternative: string): number {
  if (!NOT_ASCII.test(alternative)) return ASCII;
  const required = largest(Array.from(outsideGroups(alternative.replace(NOT_REQUIRED, '\n')), groupOf));
  if (required !== undefined) return required;
  const letters = new Set(Array.from(alternative.replace(/\\(?:[pP]\{[^}]*\}|u[\da-f]{4}|.)/g, ''), groupOf));
  letters.delete(undefined);
  const [only = ASCII] = letters;
  return letters.size === 1 && only > LAST_LATIN ? only : ASCII;
}

const divided = new Map<string, readonly string[]>();

/** Returns the alternatives of a pattern by group: the pattern of each group, or an empty text. */
function divide(pattern: string): readonly string[] {
  const known = divided.get(pattern);
  if (known !== undefined) return known;
  const groups = GROUPS.map((): string[] => []);
  for (const alternative of splitAlternatives(pattern))
    groups[groupOfAlternative(alternative)]?.push(alternative);
  const patterns = groups.map((alternatives) => alternatives.join('|'));
  divided.set(pattern, patterns);
  return patterns;
}

/** Matches a capital letter outside of an escape such as `\S` or `\p{L}`. */
const CAPITAL = /(?<!\\)(?<!\\[pP]\{[A-Za-z=]*)\p{Lu}/u;

/** A match of an expression: the offset of its first character, and the offset after its last one. */
interface WordMatch {
  readonly start: number;
  readonly end: number;
}

/** An expression whose words are matched in lower case, and are compiled only for texts in their script. */
export class WordExpression {
  readonly #source: (select: (alternatives: string) => string) => string;
  /** The expressions by group; undefined before the first use, and null for a group without words. */
  readonly #expressions: (RegExp | null | undefined)[] = [];

  /**
   * @param source The source of the expression. A function receives `select`, which returns the alternatives in the
   * scripts of the text that is matched.
   */
  constructor(source: string | ((select: (alternatives: string) => string) => string)) {
    this.#source = typeof source === 'string' ? () => source : source;
  }

  #compile(group: number): RegExp | null {
    let isSelected = group === ASCII;
    const source = this.#source((alternatives) => {
      const selected = divide(alternatives)[group] ?? '';
      if (selected !== '') isSelected = true;
      return selected === '' ? '(?!)' : selected;
    });
    if (!isSelected) return null;
    if (CAPITAL.test(source)) throw new TypeError(`Words must be in lower case: ${source}`);
    return new RegExp(source, 'gu');
  }

  /** Calls back with each expression that can match a text in lower case, until the callback returns true. */
  #some(lower: string, callback: (expression: RegExp) => boolean): boolean {
    const isAscii = !NOT_ASCII.test(lower);
    return GROUPS.some((letters, group) => {
      if (group !== ASCII && (isAscii || !letters.test(lower))) return false;
      const expression = (this.#expressions[group] ??= this.#compile(group));
      if (expression === null) return false;
      expression.lastIndex = 0;
      return callback(expression);
    });
  }

  /** Returns whether a text has a match. */
  test(text: string): boolean {
    const lower = lowerCase(text);
    return this.#some(lower, (expression) => expression.test(lower));
  }

  /** Returns the offset of the first match, or -1. */
  search(text: string): number {
    const lower = lowerCase(text);
    let first = -1;
    this.#some(lower, (expression) => {
      const index = expression.exec(lower)?.index ?? -1;
      if (index !== -1 && (first === -1 || index < first)) first = index;
      return first === 0;
    });
    return first;
  }

  /** Returns the first matches, at most `limit`, in the order of the text. Matches do not overlap. */
  matches(text: string, limit: number): readonly WordMatch[] {
    const lower = lowerCase(text);
    const found: WordMatch[] = [];
    this.#some(lower, (expression) => {
      for (let count = 0; count < limit; count += 1) {
        const match = expression.exec(lower);
        if (match === null) break;
        found.push({ start: match.index, end: match.index + match[0].length });
      }
      return false;
    });
    let end = 0;
    return found
      .sort((a, b) => a.start - b.start || b.end - a.end)
      .filter((match) => {
        if (match.start < end) return false;
        end = match.end;
        return true;
      })
      .slice(0, limit);
  }
}
