/**
 * Normalizes a text in which one-time codes are searched: ASCII digits, one kind of blank and dash, and no
 * numbers that are never codes.
 */

/** Matches characters without a glyph: zero-width spaces and joiners, soft hyphens, direction marks. */
const INVISIBLE =
  /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|(?<=\p{Nd})[\u200c\u200d](?=\p{Nd})/gu;
/** Matches full-width digits and letters, which Chinese and Japanese texts use beside ASCII characters. */
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** Matches any dash between two groups of a code, with an optional blank on each side. */
const DASHES = /(?<=[\dA-Z]) ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d] ?(?=[\dA-Z])/g;
/** Matches four to eight digits, each of which is in a separate table cell or line. */
const SPREAD = /(?<![^\n])\d(?: ?[\n|·•_] ?\d){3,7}(?![^\n])/g;
/** Matches five to eight digits and capital letters, each of which is in a separate table cell or line. */
const SPREAD_LETTERS = /(?<![^\n])[\dA-Z](?:(?: ?[\n|·•_] ?| )[\dA-Z]){3,7}(?![^\n])/g;
/**
 * Matches the dash between two groups of digits if each group and the dash are in separate table cells or
 * lines.
 */
const SPLIT = /(?<=\d)\n-\n(?=\d)/g;

/** Matches web and mail addresses. */
const ADDRESSES = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+|\bwww\.\S+|[^\s@<>]{1,64}@[^\s@<>]{1,255}/giu;
/**
 * Matches dates and times in digits. Dates such as 15-07-33, which may also be a grouped code, are not matched
 * here; `candidate.ts` handles them.
 */
const MOMENTS =
  /\b(?!\d{1,2}-\d{1,2}-\d\d\b)\d{1,4}[-/.](?:[0-2]?\d|3[01])[-/.]\d{2,4}\b|\b(?:19|20)\d\d\. ?\d{1,2}\. ?\d{1,2}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
/** Matches a code between underscores, which mark emphasis in Markdown. */
const UNDERSCORED = /(?<!\w)(__?)([\dA-Z][\dA-Z -]{2,12}[\dA-Z])\1(?!\w)/g;
/** Matches telephone numbers: a plus sign or an area code in brackets, followed by groups of digits. */
const PHONES =
  /(?:\+\d{1,3}|\(\d{2,5}\))[\s./-]?\d[\d\s./-]{4,16}\d|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|\b1-8\d\d-[\w-]{7,}/g;

/**
 * Signs that replace hidden digits of a number (`****4471`, `44** **** **71`, `XXXX-4471`). A number between
 * stars (`**4471**`) is not masked but emphasized.
 */
const SIGN = '*•●▪∙·‧＊×';
const MASK = String.raw`(?:[${SIGN}][${SIGN} -]{0,24}[${SIGN}]|…|\.{3,8}|[xX]{3,4}(?:[ -]?[xX]{3,4}){0,3})`;
const MASKED = new RegExp(
  String.raw`(?<![\p{L}\p{N}*])(?<stars>\*{2,3}) ?[\p{L}\p{N} -]{1,30} ?\k<stars>(?!\*)` +
    String.raw`|${MASK}[ -]?\d{2,8}(?!\d)|(?<!\d)\d{2,8}[ -]?${MASK}(?:[ -]?\d{2,8})?`,
  'gu',
);

/**
 * Converts a decimal digit of any script to the ASCII digit of the same value. In Unicode, the digits of a
 * script form a run of ten adjacent characters that begins with zero.
 */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

/** Matches the dash between a prefix and a number in Zulu and Xhosa (`ikhodi yakho ngu-482913`). */
const BANTU_PREFIX = /(?<=(?<!\p{L})(?:ng[uo]|yi|li))-(?=\d{4,8}(?!\d))/gu;

/**
 * Joins the characters of a code that are in separate table cells or lines. Characters that are all digits, or
 * letters in alphabetical order (such as the index of a list), are returned with their separators.
 */
function joined(spread: string): string {
  const value = spread.replace(/[^\dA-Z]+/g, '');
  const isSorted = Array.from(value).sort().join('') === value;
  return /^\d+$/.test(value) || (isSorted && !/\d/.test(value)) ? spread : value;
}

const blank = (match: string): string => ' '.repeat(match.length);

/**
 * Returns the normalized text. Web and mail addresses, telephone numbers, dates, times and masked numbers are
 * replaced with blanks.
 */
export function plainText(text: string): string {
  return text
    .replace(INVISIBLE, '')
    .replace(FULL_WIDTH, (form) => String.fromCharCode(form.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .replace(SPLIT, '-')
    .replace(DASHES, '-')
    .replace(SPREAD, (spread) => spread.replace(/\D+/g, ' '))
    .replace(SPREAD_LETTERS, joined)
    .replace(MASKED, (masked, stars: string | undefined) => (stars === undefined ? blank(masked) : masked))
    .replace(ADDRESSES, blank)
    .replace(BANTU_PREFIX, ' ')
    .replace(UNDERSCORED, (_, marks: string, code: string) => blank(marks) + code + blank(marks))
    .replace(PHONES, blank)
    .replace(MOMENTS, blank);
}
