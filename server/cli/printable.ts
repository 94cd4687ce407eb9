/**
 * Text for a terminal or a log. Anything that a client or a message said may be part of it, so characters that a
 * terminal obeys, or that forge or reorder a line, are shown as escapes.
 */

// C0, DEL and C1; Unicode's own line ends; and the controls that change the direction of text (UAX #9).
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g; // eslint-disable-line no-control-regex
/** Of these, what JSON does not escape itself. */
const LEFT_BY_JSON = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escaped = (character: string): string =>
  `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;

/** On one line. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => SHORT[character] ?? escaped(character));

/** JSON with escapes for what a terminal obeys; the value is the same. */
export const printableJson = (json: string): string => json.replaceAll(LEFT_BY_JSON, escaped);
