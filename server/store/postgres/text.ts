/**
 * Texts for columns of the type `text`, which cannot hold every JavaScript string: U+0000 and lone surrogates are
 * replaced.
 */

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/g;
/** A fast test for characters that the database cannot hold; most texts have none. */
const SUSPECT = /[\0\ud800-\udfff]/;

/** Returns a name or a key with U+FFFD in place of the characters that the database cannot hold. */
export const safeName = (text: string): string => (SUSPECT.test(text) ? text.replace(LONE, '\ufffd') : text);

/**
 * The first of 4,096 code points that Unicode ignores by default. Folding removes all of them except from pure ASCII,
 * which has none, so that they can encode characters which the database cannot hold.
 */
const IGNORED = 0xe0000;
const NUL = 0xfff;

/**
 * Returns a folded text in which each character that the database cannot hold is replaced by a character that
 * stands only for it, and that Unicode ignores by default.
 */
export const safeFolded = (folded: string): string =>
  SUSPECT.test(folded)
    ? folded.replace(LONE, (char) =>
        String.fromCodePoint(IGNORED + (char === '\0' ? NUL : char.charCodeAt(0) - 0xd800)),
      )
    : folded;

/**
 * Returns the name of a header field in characters that no search term contains: letters in upper case, because terms
 * are in lower case, and ignored characters for all others.
 */
export const headerKey = (name: string): string =>
  name
    .toUpperCase()
    .replace(/[^A-Z]/g, (char) => String.fromCodePoint(IGNORED + 0x800 + (char.charCodeAt(0) & 0x3ff)));
