/** One form of a text for the code finder: ASCII digits, one kind of blank and dash, and no numbers that are never codes. */

/** Characters without a glyph: zero-width spaces and joiners, soft hyphens, direction marks. */
const INVISIBLE =
  /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|(?<=\p{Nd})[\u200c\u200d](?=\p{Nd})/gu;
/** Full-width digits and letters, which Chinese and Japanese texts use beside the plain ones. */
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** A dash of any kind between two groups of a code, with a blank around it or not. */
const DASHES = /(?<=[\dA-Z]) ?[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d] ?(?=[\dA-Z])/g;
/** Four to eight digits, each in a cell or on a line of its own. */
const SPREAD = /(?<![^\n])\d(?: ?[\n|·•_] ?\d){3,7}(?![^\n])/g;
/** Two groups of digits in cells or on lines of their own, with a dash in a third. */
const SPLIT = /(?<=\d)\n-\n(?=\d)/g;

/** Web and mail addresses. */
const ADDRESSES = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+|\bwww\.\S+|[^\s@<>]{1,64}@[^\s@<>]{1,255}/giu;
/** Dates and times in figures. */
const MOMENTS =
  /\b\d{1,4}[-/.](?:[0-2]?\d|3[01])[-/.]\d{2,4}\b|\b(?:19|20)\d\d\. ?\d{1,2}\. ?\d{1,2}\b|\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
/** A code between underscores, which are emphasis in Markdown. */
const UNDERSCORED = /(?<!\w)(__?)([\dA-Z][\dA-Z -]{2,12}[\dA-Z])\1(?!\w)/g;
/** Telephone numbers: a plus sign or an area code in brackets, then groups. */
const PHONES =
  /(?:\+\d{1,3}|\(\d{2,5}\))[\s./-]?\d[\d\s./-]{4,16}\d|\b\d{3}[-.\s]\d{3}[-.\s]\d{4}\b|\b1-8\d\d-[\w-]{7,}/g;

/**
 * Numbers of which a part is masked (`****4471`, `44** **** **71`, `XXXX-4471`). Stars on both sides of a number are emphasis.
 */
const SIGN = '*•●▪∙·‧＊×';
const MASK = String.raw`(?:[${SIGN}][${SIGN} -]{0,24}[${SIGN}]|…|\.{3,8}|[xX]{3,4}(?:[ -]?[xX]{3,4}){0,3})`;
const MASKED = new RegExp(
  String.raw`(?<![\p{L}\p{N}*])(?<stars>\*{2,3}) ?[\p{L}\p{N} -]{1,30} ?\k<stars>(?!\*)` +
    String.raw`|${MASK}[ -]?\d{2,8}(?!\d)|(?<!\d)\d{2,8}[ -]?${MASK}(?:[ -]?\d{2,8})?`,
  'gu',
);

/** The value of a decimal digit of any script. Unicode has runs of ten digits side by side, the zero of each run first. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}

const blank = (match: string): string => ' '.repeat(match.length);

/** The text with the code finder's forms of digits, blanks, dashes and line ends; addresses, telephone numbers, dates and times are blank. */
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
    .replace(MASKED, (masked, stars: string | undefined) => (stars === undefined ? blank(masked) : masked))
    .replace(ADDRESSES, blank)
    .replace(UNDERSCORED, (_, marks: string, code: string) => blank(marks) + code + blank(marks))
    .replace(PHONES, blank)
    .replace(MOMENTS, blank);
}
