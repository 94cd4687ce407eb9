/**
 * Makes text safe for a terminal or a log. The text may contain data from a client or a message, so characters that
 * a terminal interprets, or that could forge or reorder a line, are shown as escapes.
 */

// Matches C0, DEL and C1 control characters, Unicode's own line endings, and the controls that change the direction
// of text (UAX #9).
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g; // eslint-disable-line no-control-regex
/** Matches the unprintable characters that `JSON.stringify` does not escape. */
const LEFT_BY_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** Returns the text on one line, with escapes for characters that are unsafe on a terminal. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => SHORT[character] ?? escaped(character));

/**
 * Returns JSON text with escapes for characters that a terminal interprets; the value of the JSON does not
 * change.
 */
export const printableJson = (json: string): string => json.replaceAll(LEFT_BY_JSON, escaped);
