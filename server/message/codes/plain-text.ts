/**
 * Normalizes a text in which one-time codes are searched: ASCII digits, one kind of blank and dash, and no
 * numbers that are never codes.
 */
import { asksForEntry } from './entry.ts';
import { isAnnounced } from './surroundings.ts';
import { COLONS } from './whole-word.ts';
import { hasCodeWord } from './words.ts';

/** Matches characters without a glyph: zero-width spaces and joiners, soft hyphens, direction marks. */
const INVISIBLE =
  /\u034f|[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|(?<=\p{Nd})[\u200c\u200d](?=\p{Nd})/gu;
/** Matches full-width digits and letters, which Chinese and Japanese texts use beside ASCII characters. */
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** Matches a dash of any script. Wave dashes are not matched, because they denote a range. */
const DASH = String.raw`(?![\u301c\u3030])[\p{Pd}\u2043\u2212]`;
const ANY_DASH = new RegExp(DASH, 'gu');
/** Dots at half the height of a line, which some services put between groups, for use in a character class. */
const DOT = '·•‧∙⋅・･\u0387';
/** Matches any dash between two groups of a code, with an optional blank on each side. */
const DASHES = new RegExp(String.raw`(?<=[\d\p{Lu}]) ?${DASH} ?(?=[\d\p{Lu}])`, 'gu');
/**
 * Matches the separator between two characters of a code that are in separate table cells or lines. Between the
 * groups of a code, it includes a dash in a cell of its own.
 */
const CELL = String.raw` ?[\n|_${DOT}] ?(?:${DASH} ?[\n|] ?)?`;
/** Matches the start of a line, and the text after a colon, as an assertion of a regular expression. */
const APART = String.raw`(?<=^|\n|[${COLONS}] ?)`;
/** Matches four to eight digits, each of which is in a separate table cell or line. */
const SPREAD = new RegExp(String.raw`(?<![^\n])\d(?:${CELL}\d){3,7}(?![^\n])`, 'gu');
/**
 * Matches four to eight digits and letters, each of which is in a separate table cell or line, or separated by blanks
 * from the other characters: in lines of their own, or between a colon and the end of a line.
 */
const SPREAD_LETTERS = new RegExp(
  String.raw`${APART}[\d\p{Lu}a-z](?:(?:${CELL}| )[\d\p{Lu}a-z]){3,7}(?=\.?(?:\n|$))`,
  'gu',
);
/**
 * Matches a dash or a dot between two groups of a code if each group and the sign are in separate table cells or
 * lines.
 */
const SPLIT = new RegExp(
  String.raw`(?<=(?<![^\n])[\d\p{Lu}]{2,8})\n(?<sign>${DASH}|[${DOT}])\n(?=[\d\p{Lu}]{2,8}(?![^\n]))`,
  'gu',
);
/** Matches two groups of three digits or letters, with at least one digit in each, in adjacent table cells or lines. */
const HALVES =
  /(?<![^\n]|\d\n)(?=\p{Lu}{0,2}\d)([\d\p{Lu}]{3})\n(?=\p{Lu}{0,2}\d)([\d\p{Lu}]{3})(?![^\n]|\n\d)/gu;
/** Matches a dot between two groups, with an optional blank on each side. */
const DOTS = new RegExp(` ?[${DOT}] ?`, 'u');
/** Matches two to eight groups of digits and letters with a dot between them. */
const DOTTED = new RegExp(
  String.raw`(?<![\p{L}\p{N}]|\d[ .,:/${DOT}-]|\d [${DOT}] )[\dA-Z]{1,6}(?: ?[${DOT}] ?[\dA-Z]{1,6}){1,7}(?! ?\p{N}|\p{L}| ?[.,:/${DOT}-] ?\d)`,
  'gu',
);
/**
 * Matches groups of digits and letters with blanks between them: two or three groups in a line of their own, or
 * between a colon and the end of a line; two groups of four, each with a digit and a letter; and two or three other
 * groups, which are one value only if the text around them announces a code.
 */
const BLANKS = new RegExp(
  String.raw`${APART}[\dA-Z]{2,5}(?: [\dA-Z]{2,5}){1,2}(?=\.?(?:\n|$))` +
    String.raw`|(?<![\dA-Z.,:/-] ?)(?=[A-Z]{0,3}\d)(?=\d{0,3}[A-Z])[\dA-Z]{4} (?=[A-Z]{0,3}\d)(?=\d{0,3}[A-Z])[\dA-Z]{4}(?! ?[\dA-Z]|\p{L})` +
    String.raw`|(?<!\p{L}|[\dA-Z.,:/-] ?)(?=[A-Z ]{0,8}\d)(?=[\d ]{0,8}[A-Z])[\dA-Z]{2,4}(?: [\dA-Z]{2,4}){1,2}(?! ?[\dA-Z]|\p{L})`,
  'gu',
);
/** Matches a Canadian or a British postal code. */
const POSTAL = /^(?:[A-Z]\d[A-Z] \d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$/;
/** Matches a group that has both a digit and a letter. */
const MIXED = /^(?=\d*[A-Z])(?=[A-Z]*\d)/;

/** Matches web and mail addresses. */
const ADDRESSES = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+|\bwww\.\S+|[^\s@<>]{1,64}@[^\s@<>]{1,255}/giu;
/**
 * Matches dates and times in digits. Dates such as 15-07-33, which may also be a grouped code, are not matched
 * here; `candidate.ts` handles them.
 */
const MOMENTS =
  /\b(?!\d{1,2}-\d{1,2}-\d\d\b)\d{1,4}[-/.](?:[0-2]?\d|3[01])[-/.]\d{2,4}(?:\b|(?=T\d))|\b(?:19|20)\d\d\. ?\d{1,2}\. ?\d{1,2}\b|(?<!\w)T?\d{1,2}:\d{2}(?::\d{2})?(?!\d)/g;
/**
 * Matches times with a letter or letters for the hour (French `23h59`, Dutch `18u30`, Vietnamese `18g30`, English
 * `1030pm`).
 */
const HOURS =
  /\b(?:[01]?\d|2[0-4]) ?[hHgu] ?[0-5]\d(?: ?(?:min|mn|m))?\b|\b(?:0?\d|1[0-2])[.:]?[0-5]\d ?[AaPp]\.?[Mm]\b/g;
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
 * Joins the characters of a code that are in separate table cells or lines. Characters that are all digits, letters
 * in alphabetical order (such as the index of a list), and small letters without a digit are returned with their
 * separators.
 */
function joined(spread: string): string {
  const value = spread.replace(ANY_DASH, '-').replace(/[^\d\p{L}-]+/gu, '');
  const isSorted = Array.from(value).sort().join('') === value;
  const isWord = (isSorted || /[a-z]/.test(value)) && !/\d/.test(value);
  return /^[\d-]+$/.test(value) || isWord ? spread : value;
}

/** Returns whether all groups of a code have the same length, and have at least four characters together. */
const isEven = (groups: readonly string[]): boolean =>
  groups.join('').length >= 4 && groups.every(({ length }) => length === groups[0]?.length);

/** Number of characters before the groups of a code that are searched for a word which announces a code. */
const DIRECTLY = 15;

/**
 * Returns whether the text before groups of digits or letters announces the groups as a code: a line starts there, or a
 * colon, a verb such as `is` or a word such as `code` is directly before them.
 */
const isAnnouncedCode = (before: string): boolean =>
  /(?:^|\n) ?$/.test(before) || isAnnounced(before) || hasCodeWord(before.split(/[.!?,;\n]/).at(-1) ?? '');

/**
 * Joins the groups of a code that are separated by dots. The groups have the same length, unless they have letters
 * and no blank is beside the dot. A blank beside a dot can also separate two numbers: then the text before the groups
 * must announce a code, and no group can be a year. A word for a code before a dot (`PIN · 4829`) does not belong to the code.
 */
function joinedAtDots(dotted: string, offset: number, whole: string): string {
  const groups = dotted.split(DOTS);
  const text = groups.join('');
  const hasLetter = /[A-Z]/.test(text);
  if (text.length > 10 || (hasLetter && hasCodeWord(groups[0] ?? ''))) return dotted;
  const isCode = dotted.includes(' ')
    ? isEven(groups) &&
      /\d/.test(text) &&
      !groups.some((group) => /^(?:19|20)\d\d$/.test(group)) &&
      isAnnouncedCode(whole.slice(Math.max(0, offset - DIRECTLY), offset))
    : isEven(groups) || (hasLetter && groups.every(({ length }) => length >= 3));
  return isCode ? groups.join(hasLetter ? '' : ' ') : dotted;
}

/**
 * Number of characters before and after groups of characters in which a word that announces a code, or a verb such as
 * `enter`, is searched.
 */
const NEAR_GROUPS = 120;

/**
 * Returns whether the text around groups announces one value: the sentence before them has a word for a code or a verb
 * such as `enter`, or the line after them has such a verb.
 */
function areAnnounced(groups: string, offset: number, whole: string): boolean {
  const end = offset + groups.length;
  const before =
    whole
      .slice(Math.max(0, offset - NEAR_GROUPS), offset)
      .split(/[.!?;]\s/)
      .at(-1) ?? '';
  const [, lineAfter = ''] = whole.slice(end, end + NEAR_GROUPS).split('\n', 2);
  return hasCodeWord(before) || asksForEntry(before) || asksForEntry(lineAfter);
}

/** Matches groups that are in a line of their own, or between a colon and the end of a line. */
const isApartInLine = (groups: string, offset: number, whole: string): boolean =>
  /(?:^|[\n:：]) ?$/.test(whole.slice(Math.max(0, offset - 2), offset)) &&
  /^\.?(?:\n|$)/.test(whole.slice(offset + groups.length, offset + groups.length + 2));

/**
 * Joins the groups of a code with letters that are separated by blanks. The result is the input if the groups are of
 * different lengths, or if none of them has both a digit and a letter. Short groups, groups within a line and groups
 * with the form of a postal code are joined only if the text around them announces a code.
 */
function joinedAtBlanks(text: string, offset: number, whole: string): string {
  const groups = text.split(' ');
  if (!isEven(groups) || !groups.some((group) => MIXED.test(group))) return text;
  const isUsual =
    !POSTAL.test(text) &&
    text.length >= 7 &&
    (isApartInLine(text, offset, whole) || groups.every((group) => group.length === 4 && MIXED.test(group)));
  return isUsual || areAnnounced(text, offset, whole) ? groups.join('') : text;
}

/** Matches a line without letters and digits, such as a row of dashes, between which a template puts a code. */
const RULE = /(?<=\n)[^\p{L}\p{N}\n]{3,}\n/gu;

/** Matches a second ending of a word after a slash or a colon (`הקלד/י`, `introduzca/e`, `Nutzer:innen`). */
const SECOND_ENDING = /(?<=\p{L}{2})(?:\/\p{L}{1,2}|[/:*_]innen)(?![\p{L}\p{M}\p{N}/])/gu;

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
    .replace(RULE, '')
    .replace(SECOND_ENDING, '')
    .replace(SPREAD, (spread) => spread.replace(/\D+/g, ' '))
    .replace(SPREAD_LETTERS, joined)
    .replace(SPLIT, '$<sign>')
    .replace(
      HALVES,
      (halves, first: string, second: string) => first + (/^[\d\n]+$/.test(halves) ? '-' : '') + second,
    )
    .replace(DASHES, '-')
    .replace(DOTTED, joinedAtDots)
    .replace(BLANKS, joinedAtBlanks)
    .replace(MASKED, (masked, stars: string | undefined) => (stars === undefined ? blank(masked) : masked))
    .replace(ADDRESSES, blank)
    .replace(BANTU_PREFIX, ' ')
    .replace(UNDERSCORED, (_, marks: string, code: string) => blank(marks) + code + blank(marks))
    .replace(PHONES, blank)
    .replace(MOMENTS, blank)
    .replace(HOURS, blank);
}
