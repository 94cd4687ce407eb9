/**
 * Divides text that was folded for comparison (see `fold`) into tokens, the units of the search index. A
 * token is a run of letters and digits (a word), one character of a script that is written without spaces, or
 * a run of any other characters (a separator).
 *
 * A single space between two words is not a token, because most separators are single spaces. Two words at
 * consecutive positions are therefore separated by exactly one space. All other separators are tokens. The
 * tokens and their positions therefore determine the text completely.
 */

/**
 * Maximum length of a token in UTF-16 units. A longer run is cut into several tokens; a search term that
 * spans such a cut is not found in the index.
 */
const LONGEST_TOKEN = 1000;

/** Receives the tokens of a text, in the order of the text. */
export interface TokenSink {
  token(text: string): void;
  /**
   * Reports a cut: called between two tokens if a run of characters was cut there because it is too long for
   * one token.
   */
  cut(): void;
}

const SEPARATOR = 1;
const WORD = 2;
const SINGLE = 3;
type Kind = typeof SEPARATOR | typeof WORD | typeof SINGLE;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}_]/u;
/**
 * Matches characters of scripts without spaces between words. Each of these characters is a token of its own,
 * because a run of them would be a whole sentence.
 */
const SINGLE_CHARACTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

function kindOfCharacter(character: string): Kind {
  if (SINGLE_CHARACTER.test(character)) return SINGLE;
  return WORD_CHARACTER.test(character) ? WORD : SEPARATOR;
}

/**
 * Cache of the kinds of characters (word, separator and so on), by UTF-16 unit; 0 if the kind was not
 * determined yet.
 */
const kinds = new Uint8Array(1 << 16);

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000;

/** Returns the number of UTF-16 units of the character at a position: 2 for a surrogate pair, else 1. */
const widthAt = (text: string, at: number): 1 | 2 =>
  isHigh(text.charCodeAt(at)) && isLow(text.charCodeAt(at + 1)) ? 2 : 1;

function kindAt(text: string, at: number): Kind {
  const unit = text.charCodeAt(at);
  const known = kinds[unit];
  if (known !== 0) return known as Kind;
  if (widthAt(text, at) === 2) return kindOfCharacter(text.slice(at, at + 2));
  const kind = isHigh(unit) || isLow(unit) ? SEPARATOR : kindOfCharacter(String.fromCharCode(unit));
  if (!isHigh(unit)) kinds[unit] = kind;
  return kind;
}

/** Returns whether the character before a position belongs to a word. */
function followsWord(text: string, at: number): boolean {
  if (at === 0) return false;
  const isPair = at > 1 && isLow(text.charCodeAt(at - 1)) && isHigh(text.charCodeAt(at - 2));
  return kindAt(text, isPair ? at - 2 : at - 1) === WORD;
}

const SPACE = 0x20;

/**
 * Passes the tokens of a text that was folded for comparison to `sink`. Starts at the position `from` and
 * stops at the first token boundary at or after `until`. Returns the position of that boundary, from which
 * the next call can continue.
 */
export function tokenize(text: string, sink: TokenSink, from = 0, until = text.length): number {
  let at = from;
  while (at < until && at < text.length) {
    const kind = kindAt(text, at);
    let end = at + widthAt(text, at);
    if (kind !== SINGLE) while (end < text.length && kindAt(text, end) === kind) end += widthAt(text, end);
    const isSpace = kind === SEPARATOR && end === at + 1 && text.charCodeAt(at) === SPACE;
    const isImplied = isSpace && end < text.length && kindAt(text, end) === WORD && followsWord(text, at);
    if (!isImplied) emit(text, at, end, sink);
    at = end;
  }
  return at;
}

function emit(text: string, start: number, end: number, sink: TokenSink): void {
  for (let at = start; at < end; at += LONGEST_TOKEN) {
    if (at > start) sink.cut();
    sink.token(text.slice(at, Math.min(end, at + LONGEST_TOKEN)));
  }
}

/** A search text in the form that the index can find: a part of one token, or a phrase of several tokens. */
export type TokenTerm =
  /** The search text is a part of one token, or the whole token. */
  | { readonly kind: 'inside'; readonly text: string }
  /**
   * The search text spans at least two tokens of a text: the first of these ends with the first element of
   * `tokens`, the last one starts with the last element, and the tokens between are equal.
   */
  | { readonly kind: 'phrase'; readonly tokens: readonly string[] };

/** Matches an unpaired surrogate, and U+FFFD, which replaces unpaired surrogates in UTF-8. */
const NOT_IN_UTF8 = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\ufffd/;

/**
 * Returns whether the index stores the characters of a text exactly. Only then can the text be found in the
 * index.
 */
export const isIndexable = (text: string): boolean => !NOT_IN_UTF8.test(text);

/**
 * Converts a search text (`piece`, indexable and not empty) to the tokens that a text contains if and only if
 * it contains the search text. If there are no such tokens, returns:
 * - `cut` if only a text with a cut run can contain the piece, because a token of the piece is too long;
 * - `open` if the tokens cannot decide whether a text contains the piece: a space at the edge of the piece
 *   may be a space between two words of the text, which is not a token.
 */
export function termOf(piece: string): TokenTerm | 'cut' | 'open' {
  const tokens: string[] = [];
  const cuts: number[] = [];
  tokenize(piece, { token: (token) => tokens.push(token), cut: () => cuts.push(tokens.length) });
  if (cuts.length > 0) return 'cut';
  const [first = '', second] = tokens;
  if (second === undefined) return first === ' ' ? 'open' : { kind: 'inside', text: first };
  const last = tokens.at(-1) ?? '';
  const isOpen =
    (first === ' ' && kindAt(second, 0) === WORD) || (last === ' ' && followsWord(piece, piece.length - 1));
  return isOpen ? 'open' : { kind: 'phrase', tokens };
}

/** Returns the number of tokens of a term. */
export const lengthOf = (term: TokenTerm): number => (term.kind === 'inside' ? 1 : term.tokens.length);
